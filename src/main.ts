import { createApp } from './app.ts';
import { prepareDemonstration } from './demonstration.ts';
import { explainFailure, greeting } from './greeting.ts';
import { readSettings } from './settings.ts';

/** Under `npm start` a Ctrl-C arrives twice at once: from the terminal, and passed on by npm. */
const ONE_PRESS_MS = 500;

let signalledAt: number | null = null;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  const settings = readSettings(process.env);
  let entrances: string[] = [];
  const app = createApp(settings, {
    prepare: async (db) => {
      entrances = await prepareDemonstration(db, settings, say);
    },
  });
  const onSignal = () => {
    if (signalledAt !== null) {
      // The second one is for when the first takes too long.
      if (performance.now() - signalledAt > ONE_PRESS_MS) process.exit(1);
      return;
    }
    signalledAt = performance.now();
    say('Stopping ...');
    app.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  await app.start();
  say(greeting(app, settings, entrances));
} catch (error) {
  if (signalledAt === null) {
    process.stderr.write(`${explainFailure(error)}\n`);
    process.exitCode = 1;
  }
}
