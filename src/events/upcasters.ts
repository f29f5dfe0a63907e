import type { LoggedEvent } from './logged-event.ts';

export type Payload = LoggedEvent['payload'];

/** Makes of a payload of one version what the next version would have written. Pure; reads nothing but the payload. */
export type Upcaster = (payload: Payload) => Payload;

const upcasters = new Map<string, Upcaster>();

const keyOf = (type: string, version: number): string => `${type}@${version}`;

/**
 * Says how events of this type that were written with version `fromVersion` of their payload are read as the next
 * version. Kept for ever, as the log is; a stored sample of the old version stands in tests/events/samples.
 */
export function declareUpcaster(type: string, fromVersion: number, upcaster: Upcaster): void {
  const key = keyOf(type, fromVersion);
  if (upcasters.has(key)) throw new Error(`${key} has an upcaster already`);
  upcasters.set(key, upcaster);
}

/** The event with its payload in the newest version, step by step. */
export function upcast(event: LoggedEvent): LoggedEvent {
  let { payload, version } = event;
  for (;;) {
    const upcaster = upcasters.get(keyOf(event.type, version));
    if (!upcaster) break;
    payload = upcaster(payload);
    version += 1;
  }
  return version === event.version ? event : { ...event, payload, version };
}

/** `type@version` of every version that is no longer written: each must have a stored sample. */
export const outdatedVersions = (): readonly string[] => [...upcasters.keys()];
