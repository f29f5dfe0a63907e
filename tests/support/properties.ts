import fc from 'fast-check';

// The same cases in every run: a change is judged by what it changes. `SEED=random npm test` looks for new cases, and
// `SEED=<number>` repeats those of a run that failed.
const asked = process.env.SEED;
fc.configureGlobal({
  seed: asked === 'random' ? Date.now() | 0 : asked === undefined ? 20_261_122 : Number(asked),
});

export { fc };
