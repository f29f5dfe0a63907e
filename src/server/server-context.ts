import type { IncomingMessage } from 'node:http';
import type { YogaInitialContext } from 'graphql-yoga';
import type { Context } from '../api/context.ts';
import type { Session } from './session.ts';
import type { ClientSocket } from './shared-screens.ts';

/** What the plugins of this room find on the context, beyond what resolvers know of. */
export interface OperationContext extends Context {
  session: Session;
  transport: 'http' | 'websocket';
  /** Of an operation over WebSocket. */
  socket?: ClientSocket;
}

export type ServerContext = OperationContext & YogaInitialContext;

/** The context as it is while a request comes in: the parts that a WebSocket operation brings with it. */
export interface InitialContext extends YogaInitialContext {
  /** Node's own request, over HTTP. */
  req?: IncomingMessage;
  session?: Session;
  requestId?: string;
  transport?: 'websocket';
  socket?: ClientSocket;
}
