import {cacheOptionsOf, type Drill, workloadOptionsOf} from '../../../drills/drill.js';
import type {DrillHost} from '../../../drills/drill-host.js';
import {recordedCacheSettings} from '../../../drills/recording/recorded-settings.js';
import {SubjectBed} from '../../../drills/subject/bed/subject-bed.js';
import {openSubject} from '../../../drills/subject/open-subject.js';
import type {SubjectEnd} from '../../../drills/subject/subject.js';
import {SubjectError} from '../../../drills/subject/subject-error.js';
import type {SubjectSpec} from '../../../drills/subject/subject-spec.js';
import type {Workload} from '../../../workload/workload.js';
import type {EventsWriter} from '../../log/events-log.js';
import {oneLine} from '../../one-line.js';
import type {TargetSnapshot, WorkloadSnapshot} from '../../protocol.js';
import type {Target} from '../../target/target.js';
import type {ApplicationPort} from '../application/application-port.js';
import type {DrilledApplication} from '../application/drilled-application.js';
import type {TestBed} from '../test-beds/test-bed.js';
import type {TestBeds} from '../test-beds/test-beds.js';
import {openApplicationBed} from './application-bed.js';

/** Milliseconds in which the drill's cache must connect. */
const readyMs = 5000;

/** The cache of a drill, our own or a subject, with traffic on it. */
export type DrillBed = Pick<
	DrillHost,
	'workload' | 'application' | 'cacheSnapshot' | 'onMode' | 'subject' | 'cacheSettings'
> & {
	/** The traffic that the drill makes, to be shown. Undefined: it makes none. */
	readonly traffic: Workload | undefined;
	/** Calls the listener if the process of a subject ends during the drill. */
	onEnded(listener: (end: SubjectEnd) => void): void;
	/**
	 * Removes what the drill wrote, except from a private server that ends now as well, and restores the traffic of before.
	 * Never rejects.
	 */
	end(session: {readonly isSessionOver: () => boolean}): Promise<void>;
};

export type OwnBedOptions = {
	readonly testBeds: Pick<TestBeds, 'current' | 'openForDrill' | 'restore'>;
	readonly targetSnapshot: () => TargetSnapshot;
	/** Closes a test bed and removes its keys from Redis. */
	readonly erase: (testBed: TestBed) => Promise<void>;
	readonly log: EventsWriter;
};

type DrillBedsOptions = OwnBedOptions & {
	readonly target: Target;
	/** Where a subject connects. Undefined: there is no proxy, or no subject. */
	readonly application: ApplicationPort | undefined;
	/** An application that makes its own traffic. Undefined: the drill makes it. */
	readonly tapped: DrilledApplication | undefined;
	/** Undefined: drills run on our own cache. */
	readonly subject: SubjectSpec | undefined;
};

/** Returns a function that opens the cache of a drill, or what stands in its place. */
export function drillBedOpener(options: DrillBedsOptions): (drill: Drill) => Promise<DrillBed> {
	const {subject, tapped} = options;
	if (tapped !== undefined) return async () => openApplicationBed(tapped);
	if (subject === undefined) return (drill) => openOwnBed(drill, options);
	return (drill) => openSubjectBed(drill, subject, options);
}

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

/** Opens the subject on the proxy. The session's own cache has no traffic meanwhile. */
async function openSubjectBed(
	drill: Drill,
	spec: SubjectSpec,
	{testBeds, target, targetSnapshot, application, log}: DrillBedsOptions,
): Promise<DrillBed> {
	const {current} = testBeds;
	const wasRunning = current.hasTraffic;
	await current.stopWorkload();
	await current.cache.ready(readyMs);
	const bed = await SubjectBed.open(
		{
			name: spec.name,
			open: () => openSubject(spec, application?.url ?? target.cacheUrl),
			isRunning: spec.kind === 'http',
			openElsewhere:
				spec.kind === 'module' ? () => openSubject(spec, application?.calmUrl ?? target.directUrl) : undefined,
		},
		drill,
	);
	if (application?.isUnused) {
		await bed.close();
		const advice =
			spec.kind === 'module'
				? 'connect to the `url` that open() gets'
				: `start the application with redis://${application.address} as its Redis`;
		throw new SubjectError(spec.name, `it has not connected to the fault proxy, so no fault would reach it: ${advice}`);
	}
	return {
		workload: bed.workload,
		traffic: bed.workload,
		cacheSnapshot: () => bed.cacheSnapshot(),
		onMode: (listener) => bed.onMode(listener),
		subject: bed,
		onEnded: (listener) => bed.onEnded(listener),
		async end({isSessionOver}) {
			const isExternal = targetSnapshot().kind === 'external' || spec.kind === 'http';
			const say = (text: string) => log.add({level: 'warn', topic: 'drill', text: `subject ${spec.name}: ${text}`});
			if (isExternal && !(await bed.removeKeys()))
				say('it did not delete all keys of the drill, which stay until they expire');
			for (const fault of await bed.close()) say(fault);
			if (wasRunning && !isSessionOver()) testBeds.current.startWorkload();
		},
	};
}
