import {test} from 'vitest';
import {snapshotAt} from '../../support/fake-engine.js';
import {openApp} from '../../support/open-app.js';

test('the log filters by words and level, and follows until an event is selected', async () => {
	const {type, app, sees} = openApp({story: {outage: {from: 10, to: 20}}});
	await type('6', 'following');
	await type('/fallback\r', '1 of 9');
	app.type('\u001B');
	await sees('9 of 9');
	await type('v', '3 of 9  from warn');
	await type('k', 'paused; f to follow');
	await type('f', 'following');
});

test('Enter shows the selected event in full', async () => {
	const {engine, type, sees} = openApp({size: {columns: 80, rows: 24}});
	const at = snapshotAt(31).at;
	const text = `a long story ${'that goes on '.repeat(20)}to its end`;
	engine.push({
		...snapshotAt(31),
		events: [{id: 99, at, level: 'warn', topic: 'pool', text, count: 3, lastAt: at + 4000}],
	});
	await type('6', 'a long story');
	await type('\r', 'Esc closes');
	await sees('to its end');
	await sees(/3 times in 4 s/);
});

test('while the log follows, lines that would stay empty show long events in full', async () => {
	const {engine, type, sees, losesSight} = openApp({size: {columns: 80, rows: 24}});
	const snapshot = snapshotAt(31);
	const text = `a long story ${'that goes on '.repeat(20)}to its end`;
	engine.push({
		...snapshot,
		events: [{id: 99, at: snapshot.at, level: 'warn', topic: 'pool', text, count: 1, lastAt: snapshot.at}],
	});
	await type('6', 'to its end');
	const crowd = Array.from({length: 30}, (_, index) => ({
		id: 100 + index,
		at: snapshot.at,
		level: 'info' as const,
		topic: 'pool' as const,
		text: `short ${index}`,
		count: 1,
		lastAt: snapshot.at,
	}));
	engine.push({...snapshot, at: snapshot.at + 250, events: crowd});
	await sees('short 29');
	await losesSight('to its end');
});
