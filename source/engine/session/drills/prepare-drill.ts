import {onApplication} from '../../../drills/application/judge-application.js';
import type {Drill} from '../../../drills/drill.js';
import type {DrillHost} from '../../../drills/drill-host.js';
import {retryWhileConnecting} from '../../../drills/http/retry.js';
import {EventLoopLagMonitor} from '../../../drills/lateness/event-loop-lag-monitor.js';
import {ProbeError} from '../../../drills/probe/probe-error.js';
import type {ProbeSpec} from '../../../drills/probe/probe-spec.js';
import {Probes} from '../../../drills/probe/probes.js';
import type {OpenEvent, SessionLog} from '../../log/events-log.js';
import {oneLine} from '../../one-line.js';
import type {TargetSnapshot} from '../../protocol.js';
import type {DrilledApplication} from '../application/drilled-application.js';
import type {FaultControl} from '../fault-control.js';
import type {DrillBed} from './drill-bed.js';

export type DrillParts = {
	/** Opens the cache of a drill, connected, with its traffic. */
	readonly openBed: (drill: Drill) => Promise<DrillBed>;
	readonly faults: Pick<FaultControl, 'active' | 'start' | 'lift' | 'refusalOf' | 'failureOf'>;
	readonly target: () => TargetSnapshot;
	readonly probes: readonly ProbeSpec[];
	/** The address for an application or a subject. Undefined: there is none. */
	readonly application: DrilledApplication | undefined;
	readonly log: SessionLog;
};

/** A drill that is ready to run, with the parts to clean up after it. */
export type PreparedDrill = {
	readonly drill: Drill;
	readonly bed: DrillBed;
	readonly host: DrillHost;
	/** Its line in the log. */
	readonly entry: OpenEvent;
	/** Ends the measurements. The bed is closed separately. */
	closeProbes(): Promise<void>;
};

/**
 * Opens a connected cache, or checks that an application has connected, and checks the probes.
 *
 * @throws {SubjectError | ProbeError | FaultRefusedError} Nothing is left open then.
 */
export async function prepareDrill(loaded: Drill, parts: DrillParts): Promise<PreparedDrill> {
	const {openBed, application, log} = parts;
	const lag = new EventLoopLagMonitor();
	const entry = log.open({level: 'info', topic: 'drill', text: `drill ${loaded.name}: running`});
	const probes = parts.probes.length === 0 ? undefined : new Probes(parts.probes);
	try {
		if (probes) await check(probes, application);
		const bed = await openBed(loaded);
		return {
			drill: bed.application === undefined ? loaded : onApplication(loaded, {hasProbes: probes !== undefined}),
			bed,
			host: hostOf({bed, probes, lag}, parts),
			entry,
			async closeProbes() {
				probes?.close();
				await lag.close();
			},
		};
	} catch (error) {
		probes?.close();
		entry.update(`drill ${loaded.name}: not started, ${oneLine(error)}`, 'error');
		await lag.close();
		throw error;
	}
}

/** @throws {ProbeError} The application does not answer, or has not connected, so that faults would have no effect. */
async function check(probes: Probes, application: DrilledApplication | undefined): Promise<void> {
	await retryWhileConnecting(async () => {
		await probes.check();
		// The application may have answered without Redis, during a pause before it reconnects.
		if (application?.isUnused)
			throw new ProbeError(
				`no application has connected to the fault proxy, so no fault would reach it: start it with ${application.entry}`,
			);
	});
}

type Measured = {
	readonly bed: DrillBed;
	/** Undefined if there are none. */
	readonly probes: Probes | undefined;
	readonly lag: EventLoopLagMonitor;
};

function hostOf({bed, probes, lag}: Measured, {faults, target, application}: DrillParts): DrillHost {
	const {name, version, kind} = target();
	return {
		server: `${name} ${version ?? ''} (${kind === 'external' ? 'external' : 'private'})`.replace('  ', ' '),
		workload: bed.workload,
		cacheSnapshot: () => bed.cacheSnapshot(),
		machineLateMs: () => lag.lateness(),
		onMode: (listener) => bed.onMode(listener),
		...(bed.application === undefined ? {} : {application: bed.application}),
		...(bed.subject === undefined ? {} : {subject: bed.subject}),
		...(bed.cacheSettings === undefined ? {} : {cacheSettings: bed.cacheSettings}),
		...(probes === undefined ? {} : {probes}),
		...(application === undefined ? {} : {wire: application.record()}),
		applyFault: (fault) => faults.start(fault),
		liftFault: (id) => faults.lift([id]),
		isActive: (id) => faults.active().some((fault) => fault.id === id),
		failureOf: (id) => faults.failureOf(id),
	};
}
