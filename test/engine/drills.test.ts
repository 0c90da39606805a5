import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {EventsLog} from '../../source/engine/log/events-log.js';
import {Drills} from '../../source/engine/session/drills/drills.js';
import {type OwnBedOptions, openOwnBed} from '../../source/engine/session/drills/own-bed.js';
import {openSession} from '../../source/engine/session/open-session.js';
import type {Session} from '../../source/engine/session/session.js';
import type {TestBed} from '../../source/engine/session/test-beds/test-bed.js';
import {ClosedError} from '../../source/pool/errors.js';
import {gate, settle} from '../support/gate.js';
import {until} from '../support/until.js';

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A session, and the file of a drill without steps that lasts a fifth of a second, and passes on a busy machine, too. */
async function prepare(): Promise<{session: Session; log: EventsLog; path: string}> {
	const directory = await mkdtemp(join(tmpdir(), 'rct-drill-'));
	cleanups.push(() => rm(directory, {recursive: true, force: true}));
	const path = join(directory, 'short.json');
	await writeFile(
		path,
		JSON.stringify({
			name: 'short',
			summary: 'nothing',
			duration: '200ms',
			steps: [],
			expectations: ['wrongReads == 0'],
		}),
	);
	const log = new EventsLog();
	const options = {
		embedded: false,
		readOnly: false,
		namespace: 'test',
		workload: {running: false, rate: 100, keys: 10},
		hz: 4,
	};
	const session = await openSession(undefined, options, log);
	cleanups.push(() => session.close());
	return {session, log, path};
}

/** Rejections that nothing catches, until the test is over. */
function rejectionsUntilTheEnd(): readonly unknown[] {
	const rejections: unknown[] = [];
	const onRejection = (reason: unknown) => rejections.push(reason);
	process.on('unhandledRejection', onRejection);
	cleanups.push(async () => process.off('unhandledRejection', onRejection));
	return rejections;
}

/** Drills on a session, with some of their parts replaced. */
function drillsOn(session: Session, log: EventsLog, parts: Partial<OwnBedOptions>): Drills {
	const {testBeds, faults} = session;
	const target = () => session.target;
	const bed: OwnBedOptions = {
		testBeds,
		targetSnapshot: target,
		erase: (testBed) => testBed.close(),
		log,
		...parts,
	};
	const drills = new Drills({
		openBed: (drill) => openOwnBed(drill, bed),
		faults,
		target,
		probes: [],
		application: undefined,
		log,
	});
	cleanups.push(() => drills.close());
	return drills;
}

describe('a drill', () => {
	it('is followed by the traffic from before, even if that was still waiting for the connection', async () => {
		const {session, path} = await prepare();
		session.testBed.startWorkload();
		await session.drills.start(path);
		await until(() => !session.drills.isRunning, 'the drill to be over');
		await until(() => session.workload.running, 'the traffic to run again');
	});

	it('makes another one wait while it starts, runs and removes its keys', async () => {
		const {session, log, path} = await prepare();
		let finishErasing: () => void = () => {};
		const drills = drillsOn(session, log, {
			async erase(testBed) {
				await new Promise<void>((resolve) => {
					finishErasing = resolve;
				});
				await testBed.close();
			},
		});
		const starting = drills.start(path);
		await expect(drills.start(path)).rejects.toThrow('a drill is starting: try again in a moment');
		await starting;
		await expect(drills.start(path)).rejects.toThrow('a drill is running: end it first with `drill stop`');
		await until(() => drills.snapshot()?.state === 'passed', 'its report');
		await expect(drills.start(path)).rejects.toThrow('are being removed: try again in a moment');
		await until(() => {
			finishErasing();
			return !drills.isRunning;
		}, 'its keys to be removed');
	});

	it('can be stopped while it starts', async () => {
		const {session, path} = await prepare();
		const starting = session.drills.start(path);
		const report = await session.drills.stop('nobody wanted it');
		await starting;
		expect(report?.partial).toContain('nobody wanted it');
		await until(() => !session.drills.isRunning, 'the drill to be over');
		expect(await session.drills.stop('nobody wanted it')).toBeUndefined();
	});

	it('does not run if everything closes while it starts', async () => {
		const {session, log, path} = await prepare();
		const {promise, open} = gate();
		let opened: TestBed | undefined;
		const drills = drillsOn(session, log, {
			testBeds: {
				get current() {
					return session.testBeds.current;
				},
				restore: (workload) => session.testBeds.restore(workload),
				async openForDrill(cache, workload) {
					opened = await session.testBeds.openForDrill(cache, workload);
					await promise;
					return opened;
				},
			},
		});
		const starting = drills.start(path);
		const outcome = settle(starting);
		await until(() => opened !== undefined, 'its cache is opened');
		const closed = drills.close();
		open();
		await closed;
		expect(drills.isRunning).toBe(false);
		expect((await outcome).error).toBeInstanceOf(ClosedError);
		expect(opened?.hasTraffic).toBe(false);
	});

	it('opens no cache once its session has ended', async () => {
		const {session, path} = await prepare();
		const {testBeds} = session;
		const workload = testBeds.workloadSnapshot();
		await session.close();
		const isClosed = {error: expect.any(ClosedError)};
		expect(await settle(testBeds.openForDrill({}, workload))).toMatchObject(isClosed);
		expect(await settle(testBeds.restore(workload))).toMatchObject(isClosed);
		expect(await settle(session.drills.start(path))).toMatchObject(isClosed);
	});

	it('ends with its session, and no call of its traffic is left that rejects unnoticed', async () => {
		const {session, path} = await prepare();
		const rejections = rejectionsUntilTheEnd();
		session.testBed.startWorkload();
		await session.drills.start(path);
		await until(() => session.workload.snapshot().calls > 0, 'a call');
		await session.close();
		await new Promise((resolve) => setImmediate(resolve));
		expect(rejections).toEqual([]);
	});

	it('is over even if the test bed cannot be restored; the log says so, and another one may follow', async () => {
		const {session, log, path} = await prepare();
		const rejections = rejectionsUntilTheEnd();
		const {testBeds} = session;
		const drills = drillsOn(session, log, {
			testBeds: {
				get current() {
					return testBeds.current;
				},
				openForDrill: (cache, workload) => testBeds.openForDrill(cache, workload),
				restore: () => Promise.reject(new Error('no room')),
			},
		});
		await drills.start(path);
		await until(() => !drills.isRunning, 'the drill to be over');
		expect(rejections).toEqual([]);
		const texts = log.all().map(({text}) => text);
		expect(texts).toContain('drill short: passed');
		expect(texts).toContain('the cache and its traffic from before the drill cannot be restored: no room');
		expect(drills.snapshot()).toMatchObject({name: 'short', state: 'passed'});
		await drills.start(path);
		await until(() => !drills.isRunning, 'the second drill to be over');
	});
});

describe('traffic', () => {
	it('that waits for the connection can be stopped', async () => {
		const {session} = await prepare();
		session.testBed.startWorkload();
		await session.testBed.stopWorkload();
		await until(() => session.cacheSnapshot().mode.mode === 'connected', 'the cache to be connected');
		expect(session.testBed.hasTraffic).toBe(false);
	});
});
