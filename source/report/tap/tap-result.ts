import type {DrillRecording} from '../../drills/recording/drill-recording.js';
import type {ApplicationSnapshot, EngineSnapshot, TrafficCourse} from '../../engine/protocol.js';
import type {DrillResult} from '../input/drill-result.js';

/** A fault that has ended. Times are milliseconds since the tap began. */
export type TapFault = {readonly label: string; readonly fromMs: number; readonly toMs: number};

/** Everything that a tap has observed of an application. */
export type TapResult = {
	readonly application: Omit<ApplicationSnapshot, 'live'>;
	/** Undefined if unknown: there are no charts then. */
	readonly course: TrafficCourse | undefined;
	/** The latest ones, ordered by their start. */
	readonly faults: readonly TapFault[];
	/** The last drill; undefined if none has ended. */
	readonly drill?: DrillResult | undefined;
};

type Courses = {
	readonly course: TrafficCourse | undefined;
	/** That of the last drill. */
	readonly recording: DrillRecording | undefined;
};

/** The result of a tap at the time of a snapshot. Undefined if there is no tap. */
export function tapResultOf(snapshot: EngineSnapshot, {course, recording}: Courses): TapResult | undefined {
	const {application, faults, pastFaults, at, drill} = snapshot;
	if (application === undefined) return undefined;
	const startedAt = course?.startedAt ?? at;
	const spanOf = (label: string, since: number, until: number): TapFault => ({
		label,
		fromMs: Math.max(0, since - startedAt),
		toMs: Math.max(0, until - startedAt),
	});
	return {
		application,
		course,
		drill: drill?.report && {report: drill.report, ...(recording === undefined ? {} : {recording})},
		faults: [
			...pastFaults.map(({label, since, liftedAt}) => spanOf(label, since, liftedAt)),
			...faults.map(({label, since}) => spanOf(label, since, at)),
		],
	};
}
