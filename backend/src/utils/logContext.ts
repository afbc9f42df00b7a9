import { AsyncLocalStorage } from 'node:async_hooks';
import type { LogFields } from './logFields';

const storage = new AsyncLocalStorage<LogFields>();

/** Every line logged while `work` runs, however deep, carries `fields` (and those around it). */
export const withLogFields = <T>(fields: LogFields, work: () => T): T =>
  storage.run({ ...storage.getStore(), ...fields }, work);

/** Adds to the fields of the request or job in hand; does nothing outside of one. */
export const addLogFields = (fields: LogFields): void => {
  const current = storage.getStore();
  if (current) Object.assign(current, fields);
};

export const currentLogFields = (): LogFields => storage.getStore() ?? {};
