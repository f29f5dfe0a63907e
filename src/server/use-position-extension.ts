import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { ServerContext } from './server-context.ts';

/** Puts the highest log position of the answer's mutations into `extensions.position`. */
export function usePositionExtension(): Plugin<ServerContext> {
  return {
    onExecute({ args }) {
      const { positions } = args.contextValue;
      return {
        onExecuteDone: ({ result, setResult }) => {
          const position = positions.highest();
          if (position === null || isAsyncIterable(result)) return;
          setResult({ ...result, extensions: { ...result.extensions, position } });
        },
      };
    },
  };
}
