import {expect, test} from 'vitest';
import {snapshotAt} from '../../support/fake-engine.js';
import {openApp} from '../../support/open-app.js';
import {until} from '../../support/until.js';

const connections = [
	{name: 'shop', url: 'rediss://***@cache.example', color: 'red', readOnly: true, isCurrent: true},
	{name: 'dev', url: 'redis://127.0.0.1:6379', color: undefined, readOnly: false, isCurrent: false},
];

test('c lists the connections, and Enter switches to the selected one, whose keys are split by its delimiter', async () => {
	const {engine, type, app} = openApp({story: {target: 'external', workload: false, server: {}}});
	const calls: string[] = [];
	engine.answer = (call) => {
		calls.push([call.name, ...call.args].join(' '));
		if (call.name === 'connections') return {ok: true, lines: [], data: connections};
		if (call.name === 'connect') {
			const {target} = snapshotAt(31, {target: 'external'});
			const data = {...target, connection: {name: 'dev', color: undefined, delimiter: '/'}};
			return {ok: true, lines: ['connected to dev'], data};
		}
		return {ok: true, lines: [], data: {rows: [], lines: [], total: 0}};
	};
	await type('c', /shop +rediss:\/\/\*\*\*@cache\.example +in use, read-only/);
	expect(app.screen()).toMatch(/private +a Redis of this program/);
	await type('j\r', 'connected to dev');
	expect(calls).toEqual(['connections', 'connect dev']);
	await type('2t', 'Keys');
	await until(() => calls.some((call) => call.startsWith('tree') && call.endsWith(' /')), 'the tree is split at /');
});

test('the name of the connection stands first, in its color, and writes are refused by its name', async () => {
	const {app, engine, sees, type} = openApp({story: {target: 'external', workload: false, server: {}}});
	const snapshot = snapshotAt(31, {target: 'external', workload: false, server: {}});
	const connection = {name: 'shop', color: 'red', delimiter: ':'} as const;
	engine.push({...snapshot, readOnly: true, target: {...snapshot.target, connection}});
	await sees(/^ shop /);
	expect(app.ansi()).toContain('[41m shop ');
	await type(':set a 1\r', 'set writes, and the connection shop is read-only');
});
