import type { OperationName } from '@stenograf/contracts/operations';
import type { Route } from '../controllers/route';
import { OPERATION_TEXTS, type OperationText } from './descriptions';

/** What all of the contract stands under. */
export const API = '/api/v1';

/** As the contract names it: `GET /tasks/:id`. */
export const nameOf = ({ method, path }: Route): string =>
  `${method.toUpperCase()} ${path.replace(API, '')}`;

/** The first part of the path. */
export const tagOf = ({ path }: Route): string => path.replace(API, '').split(/[/.]/)[1] ?? '';

/** `GET /tasks/:id/targets` → `getTasksTargets`, with `ById` where the path ends in an id. */
export const operationIdOf = ({ method, path }: Route): string => {
  const words = path
    .replace(API, '')
    .replaceAll(':', 'by-')
    .split(/[/.\-_]/)
    .filter((word) => word !== '');
  return [method, ...words]
    .map((word, index) => (index === 0 ? word : word[0]?.toUpperCase() + word.slice(1)))
    .join('');
};

/** Of the operations that are no part of the contract, since they do not speak JSON of ours. */
const PLAIN_TEXTS: Record<string, OperationText> = {
  '/openapi.json': { summary: 'This document' },
  '/metrics': {
    summary: 'How it works, for Prometheus',
    description: 'Needs no key from the machine of the service, if no proxy stands between.',
  },
};

/** What is said of an operation; of exports, made of their names. */
export const textOf = (route: Route): OperationText => {
  const name = nameOf(route);
  const known = OPERATION_TEXTS[name as OperationName] as OperationText | undefined;
  if (known) return known;
  const plain = PLAIN_TEXTS[route.path];
  if (plain) return plain;
  const [, kind = '', format = ''] = /\/exports\/(\w+)\.(\w+)$/.exec(route.path) ?? [];
  return { summary: `${kind[0]?.toUpperCase()}${kind.slice(1)} as ${format.toUpperCase()}` };
};
