import {EventEmitter} from 'node:events';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {render} from 'ink';
import type {EngineSnapshot} from '../../../source/engine/protocol.js';
import type {ActiveFault} from '../../../source/faults/fault.js';
import {App} from '../../../source/ui/app.js';
import {Controller} from '../../../source/ui/controller.js';
import {initialState} from '../../../source/ui/state/ui-state.js';
import {Store} from '../../../source/ui/store/store.js';
import {FakeEngine, snapshotAt, storyStart} from '../../support/fake-engine.js';

/** The sizes that could grow. */
export type Footprint = {
	readonly heapMb: number;
	readonly externalMb: number;
	readonly listeners: number;
	readonly resources: number;
	readonly timelineEntries: number;
};

export type SoakResult = {
	readonly start: Footprint;
	readonly end: Footprint;
	readonly frames: number;
	readonly seconds: number;
};

/** A terminal that is as fast as can be. */
class Screen extends EventEmitter {
	readonly isTTY = true;
	readonly columns = 120;
	readonly rows = 40;
	frames = 0;
	readonly write = (): boolean => {
		this.frames++;
		return true;
	};
}

class Keyboard extends EventEmitter {
	readonly isTTY = true;
	#data: string | null = null;
	setEncoding(): void {}
	setRawMode(): void {}
	ref(): void {}
	unref(): void {}
	resume(): void {}
	pause(): void {}
	readonly read = (): string | null => {
		const data = this.#data;
		this.#data = null;
		return data;
	};

	type(data: string): void {
		this.#data = data;
		this.emit('readable');
	}
}

const period = 600;

/** Every ten minutes half a minute of an outage, and an event every second: everything that is kept is kept and dropped. */
function snapshotOf(second: number): EngineSnapshot {
	const shift = Math.floor(second / period) * period * 1000;
	const at = storyStart + second * 1000;
	const events = [
		{id: second + 1, at, level: 'info', topic: 'pool', text: `event ${second}`, count: 1, lastAt: at} as const,
	];
	const base = snapshotAt(second % period, {outage: {from: 300, to: 330}}, events);
	const {cache} = base;
	const shifted = <T extends ActiveFault>(fault: T) => ({...fault, id: shift + fault.id, since: fault.since + shift});
	const count = second * 1000;
	return {
		...base,
		seq: second,
		at,
		faults: base.faults.map(shifted),
		pastFaults: base.pastFaults.map((fault) => ({...shifted(fault), liftedAt: fault.liftedAt + shift})),
		cache: {
			...cache,
			at,
			mode: {...cache.mode, at: cache.mode.at + shift},
			modes: cache.modes.map((mode) => ({...mode, at: mode.at + shift})),
			counters: {...cache.counters, hitsMemory: count, hitsRedis: count, misses: count, sets: count, deletes: count},
		},
	};
}

/** Every minute another view, the palette, help, the outage menu, a pause. */
const keys = ['2', '3', '4', '5', '6', '1', ':', 'g', '\u001B', '?', '\u001B', 'o', '\u001B', 'p', 'p', '\t'];

const turn = () =>
	new Promise((resolve) => {
		setImmediate(resolve);
	});

const countListeners = (emitter: NodeJS.EventEmitter) =>
	emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);

/** Seconds in which everything that is kept of the past is full. */
const fillSeconds = 9000;
const warmUpFrames = 80;
const snapshotsAFrame = 4;

/**
 * Feeds the real store, the real screen and Ink with `snapshots` snapshots, one for each second, four for each frame.
 * Before that the histories are filled and some frames are drawn, so that nothing has a reason to grow.
 */
export async function soak(snapshots: number): Promise<SoakResult> {
	setFlagsFromString('--expose-gc');
	const collect: () => void = runInNewContext('gc');
	const begin = performance.now();
	const engine = new FakeEngine();
	const screen = new Screen();
	const keyboard = new Keyboard();
	const store = new Store(engine);
	for (let second = 0; second < fillSeconds; second++) engine.push(snapshotOf(second));
	const controller = new Controller(engine, store, initialState('default', 'unicode'));
	const instance = render(<App store={store} controller={controller} />, {
		// Only what Ink uses of a stream is there.
		stdout: screen as unknown as NodeJS.WriteStream,
		stdin: keyboard as unknown as NodeJS.ReadStream,
		alternateScreen: true,
		incrementalRendering: true,
		exitOnCtrlC: false,
		patchConsole: false,
		interactive: true,
		maxFps: 1000,
	});
	const footprint = async (): Promise<Footprint> => {
		engine.calls.length = 0;
		for (let again = 0; again < 5; again++) {
			await turn();
			collect();
		}
		const {heapUsed, external} = process.memoryUsage();
		return {
			heapMb: heapUsed / 1e6,
			externalMb: external / 1e6,
			listeners: countListeners(process) + countListeners(screen) + countListeners(keyboard) + engine.listeners,
			resources: process.getActiveResourcesInfo().length,
			timelineEntries: performance.getEntries().length,
		};
	};
	let second = fillSeconds;
	const draw = async (frames: number): Promise<void> => {
		for (let frame = 0; frame < frames; frame++) {
			for (let index = 0; index < snapshotsAFrame; index++) engine.push(snapshotOf(second++));
			keyboard.type(keys[frame % keys.length] ?? '');
			await turn();
		}
	};
	await draw(warmUpFrames);
	const start = await footprint();
	await draw(Math.ceil(snapshots / snapshotsAFrame));
	const end = await footprint();
	instance.unmount();
	store.close();
	return {start, end, frames: screen.frames, seconds: (performance.now() - begin) / 1000};
}
