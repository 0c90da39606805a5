import {cacheOptionsOf, type Drill, workloadOptionsOf} from '../../../drills/drill.js';
import {recordedCacheSettings} from '../../../drills/recording/recorded-settings.js';
import type {EventsWriter} from '../../log/events-log.js';
import {oneLine} from '../../one-line.js';
import type {TargetSnapshot, WorkloadSnapshot} from '../../protocol.js';
import type {TestBed} from '../test-beds/test-bed.js';
import type {TestBeds} from '../test-beds/test-beds.js';
import type {DrillBed} from './drill-bed.js';

/** Milliseconds in which the drill's cache must connect. */
const readyMs = 5000;

export type OwnBedOptions = {
	readonly testBeds: Pick<TestBeds, 'current' | 'openForDrill' | 'restore'>;
	readonly targetSnapshot: () => TargetSnapshot;
	/** Closes a test bed and removes its keys from Redis. */
	readonly erase: (testBed: TestBed) => Promise<void>;
	readonly log: EventsWriter;
};

/** Replaces the test bed by one for the drill, until that ends. */
export async function openOwnBed(
	drill: Drill,
	{testBeds, targetSnapshot, erase, log}: OwnBedOptions,
): Promise<DrillBed> {
	const {current} = testBeds;
	const before = {...current.workload.snapshot(), running: current.hasTraffic};
	const restore = (isSessionOver: () => boolean) => restoreTraffic(testBeds, before, isSessionOver, log);
	const testBed = await testBeds.openForDrill(cacheOptionsOf(drill), workloadOptionsOf(drill));
	try {
		await testBed.cache.ready(readyMs);
	} catch (error) {
		await restore(() => false);
		throw error;
	}
	return {
		workload: testBed.workload,
		traffic: testBed.workload,
		cacheSnapshot: () => testBed.cache.stats(),
		cacheSettings: recordedCacheSettings(drill, testBed.cache.stats()),
		onMode: (listener) => testBed.cache.on('mode', listener),
		onEnded() {},
		async end({isSessionOver}) {
			await restore(isSessionOver);
			if (isSessionOver() && targetSnapshot().kind !== 'external') return;
			await erase(testBed).catch((error: unknown) => {
				const text = `keys that begin with ${testBed.prefix} stay in Redis until they expire: ${oneLine(error)}`;
				log.add({level: 'warn', topic: 'drill', text});
			});
		},
	};
}

async function restoreTraffic(
	testBeds: OwnBedOptions['testBeds'],
	before: WorkloadSnapshot,
	isSessionOver: () => boolean,
	log: EventsWriter,
): Promise<void> {
	if (isSessionOver()) return;
	try {
		const testBed = await testBeds.restore(before);
		if (before.running && !isSessionOver()) testBed.startWorkload();
	} catch (error) {
		const text = `the cache and its traffic from before the drill cannot be restored: ${oneLine(error)}`;
		log.add({level: 'error', topic: 'drill', text});
	}
}
