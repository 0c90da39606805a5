import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, expect, it} from 'vitest';
import {EventsLog} from '../../source/engine/events-log.js';
import {Session} from '../../source/engine/session.js';
import {until} from '../support/until.js';

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A session of its own, and a drill that does nothing for a fifth of a second. */
async function prepare(): Promise<{session: Session; log: EventsLog; path: string}> {
	const directory = await mkdtemp(join(tmpdir(), 'rct-drill-'));
	cleanups.push(() => rm(directory, {recursive: true, force: true}));
	const path = join(directory, 'short.json');
	await writeFile(
		path,
		JSON.stringify({name: 'short', summary: 'nothing', duration: '200ms', steps: [], expectations: ['hungCalls == 0']}),
	);
	const log = new EventsLog();
	const options = {
		embedded: false,
		readOnly: false,
		namespace: 'test',
		workload: {running: false, rate: 100, keys: 10},
		hz: 4,
	};
	const session = await Session.open(undefined, options, log);
	cleanups.push(() => session.close());
	return {session, log, path};
}

it('the traffic goes on after a drill, also where it was only about to begin', async () => {
	const {session, path} = await prepare();
	session.stage.startWorkload();
	await session.drills.start(path);
	await until(() => !session.drills.running, 'the drill is over', {timeoutMs: 15_000});
	await until(() => session.workload.running, 'the traffic to go on');
});

it('traffic that is only about to begin can be stopped', async () => {
	const {session} = await prepare();
	session.stage.startWorkload();
	await session.stage.stopWorkload();
	await until(() => session.cacheSnapshot().mode.mode === 'connected', 'the cache is connected');
	expect(session.stage.hasTraffic).toBe(false);
});

it('while what a drill left is removed, another one is told to wait, not to stop what is over', async () => {
	const {session, path} = await prepare();
	let go: () => void = () => {};
	const erase = session.erase.bind(session);
	session.erase = async (stage) => {
		await new Promise<void>((resolve) => {
			go = resolve;
		});
		await erase(stage);
	};
	const starting = session.drills.start(path);
	await expect(session.drills.start(path)).rejects.toThrow('a drill is about to begin: try again in a moment');
	await starting;
	await expect(session.drills.start(path)).rejects.toThrow('a drill is running: end it first with `drill stop`');
	await until(() => session.drills.snapshot()?.state === 'passed', 'its report', {timeoutMs: 15_000});
	await expect(session.drills.start(path)).rejects.toThrow('is being removed: try again in a moment');
	await until(() => {
		go();
		return !session.drills.running;
	}, 'it to be removed');
});

it('a drill that is about to begin can be ended', async () => {
	const {session, path} = await prepare();
	const starting = session.drills.start(path);
	const report = await session.drills.stop('nobody wanted it');
	await starting;
	expect(report?.partial).toContain('nobody wanted it');
	await until(() => !session.drills.running, 'the drill is over', {timeoutMs: 15_000});
	expect(await session.drills.stop('nobody wanted it')).toBeUndefined();
});

it('a drill after which nothing can be put back is over all the same, says so, and another may follow', async () => {
	const {session, log, path} = await prepare();
	const rejections: unknown[] = [];
	const onRejection = (reason: unknown) => rejections.push(reason);
	process.on('unhandledRejection', onRejection);
	cleanups.push(async () => process.off('unhandledRejection', onRejection));
	session.restoreStage = () => Promise.reject(new Error('no room'));
	await session.drills.start(path);
	await until(() => !session.drills.running, 'the drill is over', {timeoutMs: 15_000});
	expect(rejections).toEqual([]);
	const texts = log.all().map(({text}) => text);
	expect(texts).toContain('drill short: passed');
	expect(texts).toContain('what ran before is not back: no room');
	expect(session.drills.snapshot()).toMatchObject({name: 'short', state: 'passed'});
	await session.drills.start(path);
	await until(() => !session.drills.running, 'the second drill is over', {timeoutMs: 15_000});
});
