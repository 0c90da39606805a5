import {expect, it} from 'vitest';
import {Sweeps} from '../../source/engine/session/keys/sweeps.js';
import {ScanPace} from '../../source/inspect/keys/scan-pace.js';

it('a sweep ends with the step that is under way when its connection is closed, and says how far it came', async () => {
	let finish: () => void = () => undefined;
	const step = new Promise<void>((resolve) => {
		finish = resolve;
	});
	const texts: string[] = [];
	const write = ({text}: {readonly text: string}) => {
		texts.push(text);
		return {update: (update: string) => texts.push(update)};
	};
	const sweeps = new Sweeps({
		inspector: {send: async () => ['7', [Buffer.from('a'), Buffer.from('b')]]},
		pace: new ScanPace(1_000_000),
		log: {add: write, open: write},
	});
	let isClosed = false;
	const swept = sweeps.run('*', {
		doing: 'deleting *',
		done: 'deleted',
		async apply(keys) {
			await step;
			return keys.length;
		},
	});
	await Promise.resolve();
	const closing = sweeps.close().then(() => {
		isClosed = true;
	});
	await new Promise(setImmediate);
	expect(isClosed).toBe(false);
	finish();
	await closing;
	expect(await swept).toEqual({pattern: '*', keys: 2, stopped: true, missing: ''});
	expect(texts.at(-1)).toBe('deleted 2 keys of *, then stopped');
	await sweeps.close();
});
