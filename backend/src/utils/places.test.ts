import { expect, test } from 'bun:test';
import { createPlaces } from './places';

const open = () => createPlaces({ what: 'exports', all: 3, own: 2 });

test('a holder has a share, and others go on', () => {
  const places = open();
  places.take('key:1');
  places.take('key:1');
  expect(() => places.take('key:1')).toThrow('You have 2 exports open already.');
  places.take('user:1');
  expect(() => places.take('key:2')).toThrow('3 exports are open already.');
});

test('where nobody in particular asks, only the limit of all counts', () => {
  const places = open();
  places.take(null);
  places.take(null);
  const give = places.take(null);
  expect(() => places.take(null)).toThrow('3 exports are open already.');
  give();
  places.take('key:1');
});

test('a place that is given back can be taken again, once', () => {
  const places = open();
  const give = places.take('key:1');
  places.take('key:1');
  give();
  give();
  places.take('key:1');
  expect(() => places.take('key:1')).toThrow('You have 2');
  places.take('key:2');
  expect(() => places.take('key:3')).toThrow('3 exports');
});
