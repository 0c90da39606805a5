import {expect, test} from 'vitest';
import {hasSecret} from '../../../source/ui/input/secret-line.js';

test.each([
	'redis AUTH hunter2',
	'redis auth user hunter2',
	'redis HELLO 3 AUTH user hunter2',
	'redis config set requirepass hunter2',
	'redis CONFIG SET maxmemory 1gb masterauth hunter2',
	'redis CONFIG SET tls-key-file-pass hunter2',
	'redis ACL SETUSER app on >hunter2',
	'redis MIGRATE host 6379 key 0 100 AUTH hunter2',
	'redis SENTINEL SET main auth-pass hunter2',
	'redis "CONFIG" SET requirepass hunter2',
	'connect redis://user:hunter2@host:6379',
])('no history keeps %s', (line) => {
	expect(hasSecret(line)).toBe(true);
});

test.each([
	'get user:1',
	'redis CONFIG SET maxmemory 1gb',
	'redis HELLO 3',
	'redis ACL LIST',
	'connect redis://host:6379',
	'get auth',
	'redis',
])('a history keeps %s', (line) => {
	expect(hasSecret(line)).toBe(false);
});
