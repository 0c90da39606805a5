import {mkdtempSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {UndoFiles, undoLimitBytes} from '../../source/engine/session/keys/undo-files.js';
import type {Sender} from '../../source/inspect/sender.js';
import {openPrivateLane, type PrivateLane} from '../support/private-lane.js';

let redis: PrivateLane;
beforeAll(async () => {
	redis = await openPrivateLane();
	await redis.send('MSET a 1 b 2');
});
afterAll(() => redis?.close());

function temporary(): string {
	const folder = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
	onTestFinished(() => rmSync(folder, {recursive: true}));
	return folder;
}

const keys = [Buffer.from('a'), Buffer.from('b'), Buffer.from('nobody')];

describe('the files of deletions', () => {
	it('are created with the first key, in a folder for their owner alone', async () => {
		const folder = join(temporary(), 'undo');
		const files = new UndoFiles(redis.lane, folder);
		const file = files.begin();
		await file.save([]);
		expect(files.latest).toBeUndefined();
		await file.save(keys);
		await file.close();
		expect(file.saved).toBe(2);
		expect(statSync(folder).mode & 0o777).toBe(0o700);
		expect(statSync(files.latest ?? '').mode & 0o777).toBe(0o600);
	});

	it('say that nothing was deleted if they cannot be written', async () => {
		const file = new UndoFiles(redis.lane, '/dev/null/undo').begin();
		await expect(file.save(keys)).rejects.toThrow(/^nothing was deleted, .*set XDG_DATA_HOME/);
	});

	it('end at their limit, and the newest twenty are kept', async () => {
		const folder = temporary();
		for (let index = 0; index < 30; index++)
			writeFileSync(join(folder, `2000-01-01-${String(index).padStart(2, '0')}.jsonl`), '');
		const half = Buffer.alloc(undoLimitBytes / 2);
		const large: Sender = {
			send: (command, args) => (command === 'DUMP' ? Promise.resolve(half) : redis.lane.send(command, args)),
		};
		const files = new UndoFiles(large, folder);
		const file = files.begin();
		await file.save([Buffer.from('a')]);
		await file.save([Buffer.from('b')]);
		await file.save([Buffer.from('a')]);
		await file.close();
		expect(file.saved).toBe(2);
		expect(readdirSync(folder)).toHaveLength(20);
		expect(readdirSync(folder)).toContain('2000-01-01-29.jsonl');
	});

	it('of other sessions are not removed', async () => {
		const path = join(temporary(), 'mine.jsonl');
		writeFileSync(path, '');
		await new UndoFiles(redis.lane, temporary()).forget(path);
		expect(statSync(path).size).toBe(0);
	});
});
