import type {Drill} from '../../../drills/drill.js';
import {SubjectBed} from '../../../drills/subject/bed/subject-bed.js';
import {openSubject} from '../../../drills/subject/open-subject.js';
import {SubjectError} from '../../../drills/subject/subject-error.js';
import type {SubjectSpec} from '../../../drills/subject/subject-spec.js';
import type {EventsWriter} from '../../log/events-log.js';
import type {TargetSnapshot} from '../../protocol.js';
import type {Target} from '../../target/target.js';
import type {ApplicationPort} from '../application/application-port.js';
import type {TestBeds} from '../test-beds/test-beds.js';
import type {DrillBed} from './drill-bed.js';

/** Milliseconds in which the session's own cache must connect. */
const readyMs = 5000;

export type SubjectBedOptions = {
	readonly testBeds: Pick<TestBeds, 'current'>;
	readonly target: Target;
	readonly targetSnapshot: () => TargetSnapshot;
	/** The port that the subject connects to. Undefined without a subject. */
	readonly application: ApplicationPort | undefined;
	readonly log: EventsWriter;
};

/** Opens the subject behind the proxy. The session's own cache has no traffic meanwhile. */
export async function openSubjectBed(
	drill: Drill,
	spec: SubjectSpec,
	{testBeds, target, targetSnapshot, application, log}: SubjectBedOptions,
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
				: `start the application with ${application.entry}`;
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
