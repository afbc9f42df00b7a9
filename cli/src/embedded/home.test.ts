import { expect, test } from 'bun:test';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { demoHome, resolveHome } from './home';

test('STENOGRAF_HOME wins, then the XDG data folder, then the one below HOME', () => {
  const xdg = { XDG_DATA_HOME: '/data', HOME: '/home/anna' };
  expect(resolveHome({ ...xdg, STENOGRAF_HOME: '/srv/stenograf' })).toBe('/srv/stenograf');
  expect(resolveHome(xdg)).toBe('/data/stenograf');
  expect(resolveHome({ HOME: '/home/anna' })).toBe('/home/anna/.local/share/stenograf');
});

test('a relative STENOGRAF_HOME is meant from here, a relative XDG_DATA_HOME is no setting', () => {
  expect(resolveHome({ STENOGRAF_HOME: 'data' })).toBe(resolve('data'));
  expect(resolveHome({ XDG_DATA_HOME: 'data', HOME: '/home/anna' })).toBe(
    '/home/anna/.local/share/stenograf',
  );
});

test('without HOME the system knows the home folder of the account', () => {
  expect(resolveHome({})).toBe(join(homedir(), '.local/share/stenograf'));
});

test('the demo keeps its invented data apart', () => {
  expect(demoHome('/srv/stenograf')).toBe('/srv/stenograf/demo');
});
