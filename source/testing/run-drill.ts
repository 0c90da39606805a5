import {type Drill, setsClock} from '../drills/drill.js';
import {loadDrill} from '../drills/drill-library.js';
import type {DrillReport} from '../drills/drill-report.js';
import {DrillRunner} from '../drills/drill-runner.js';
import type {DrillFile} from '../drills/file/drill-schema.js';
import {readDrill} from '../drills/file/read-drill.js';
import {EventLoopLagMonitor} from '../drills/lateness/event-loop-lag-monitor.js';
import {SubjectBed, type SubjectOpener} from '../drills/subject/bed/subject-bed.js';
import {LocalSubject} from '../drills/subject/local-subject.js';
import {openSubject} from '../drills/subject/open-subject.js';
import type {OpenSubject} from '../drills/subject/subject.js';
import {SubjectError} from '../drills/subject/subject-error.js';
import {parseSubject} from '../drills/subject/subject-spec.js';
import {EventsLog} from '../engine/log/events-log.js';
import {FaultEvents} from '../engine/log/fault-events.js';
import {type ApplicationPort, openApplicationPort} from '../engine/session/application/application-port.js';
import {FaultControl} from '../engine/session/fault-control.js';
import {probeAny} from '../engine/target/diagnosis/probe.js';
import {tapServersOf} from '../engine/target/nodes/tap-servers.js';
import {openTarget} from '../engine/target/open-target.js';
import type {Target} from '../engine/target/target.js';
import {FaultRefusedError} from '../faults/fault-errors.js';
import {endpointAt} from '../proxy/address.js';

/**
 * Files for a connection over TLS. Default: the certificate authorities of Node.js are trusted, and no client certificate is
 * sent.
 */
export type DrillTlsFiles = {
	/** Path of the trusted certificates (PEM), instead of those of Node.js. */
	readonly ca?: string;
	/** Path of the client certificate (PEM) that is sent to the server. */
	readonly cert?: string;
	/** Path of the private key (PEM) of `cert`. */
	readonly key?: string;
	/** True: the certificate of the server is not checked. Default false. */
	readonly insecure?: boolean;
};

/** Settings of `runDrill`. */
export type RunDrillOptions = {
	/**
	 * The Redis that the drill uses: `redis://`, `rediss://` or `unix://`, or `redis+cluster://` or `redis+sentinel://`, of
	 * which the connections to all nodes are broken. The drill does not change existing keys. Default: the drill starts its own
	 * Redis. Faults of the server (`kill`, `pause`, `restart`, `memory-full`) are only possible on that.
	 */
	readonly url?: string;
	/** Files for a `rediss://` connection. The proxy uses TLS to Redis, and the subject connects to the proxy without TLS. */
	readonly tls?: DrillTlsFiles;
	/** Use the built-in server, even if there is a server binary on PATH. Default false. */
	readonly builtIn?: boolean;
	/** Ends the drill when aborted: its report is then `partial`, and not passed. */
	readonly signal?: AbortSignal;
};

/**
 * Runs a drill on a cache: traffic with known values through a proxy that breaks the connection, and a report on the
 * results.
 *
 * @param subject The cache: a function that opens it, or the path of a module that exports such a function. A module runs in
 * two separate processes, so that the report distinguishes stale values in the memory of one process from those that others
 * read too; a function is called twice in this process.
 * @param drill The name of a drill that comes with the program (`'black-hole'`), the path of a drill file, or what such
 * a file contains.
 * @returns The report. If an expectation was not met, `passed` is false; no error is thrown.
 * @throws {SubjectError} The subject cannot be opened, its calls fail while Redis is reachable, or it does not connect
 * to the `url` that it is given.
 * @throws {DrillNotFoundError | DrillFileError} There is no such drill.
 * @throws {FaultRefusedError} A fault of the drill is not possible on this server.
 * @throws {EngineError} `ERR_UNREACHABLE`: nothing listens at the `url`.
 */
export async function runDrill(
	subject: OpenSubject | string | URL,
	drill: string | DrillFile,
	{url, tls, builtIn = false, signal}: RunDrillOptions = {},
): Promise<DrillReport> {
	const loaded = typeof drill === 'string' ? await loadDrill(drill) : readDrill(JSON.stringify(drill), drill.name);
	const log = new EventsLog();
	const connection = url === undefined ? undefined : {url, tls};
	const target = await openTarget(connection, {embedded: builtIn, setsClock: setsClock(loaded)}, () => {});
	const faults = new FaultControl({proxy: target.proxy, server: target.server, events: new FaultEvents(log), log});
	try {
		refuseFaults(loaded, target, faults);
		const servers = await tapServersOf(target);
		// The proxy accepts connections even if the servers do not, and the subject would be blamed for that.
		if (servers !== undefined) await probeAny(servers.seeds().map(endpointAt), target.shownUrl, target.answerMs);
		const application = await openApplicationPort(target, {port: undefined, hideKeys: false, servers}, log);
		try {
			return await runOn(target, faults, {subject, drill: loaded, signal, application});
		} finally {
			await application.close();
		}
	} finally {
		await faults.lift();
		faults.close();
		await target.close();
	}
}

/** @throws {FaultRefusedError} A fault of the drill is not possible on these servers. */
function refuseFaults({name, steps}: Drill, {parts}: Target, faults: FaultControl): void {
	const hasSeveral = parts?.type === 'cluster' || parts?.type === 'sentinel';
	for (const step of steps) {
		if (step.kind !== 'fault') continue;
		const refusal = hasSeveral && step.fault.node !== undefined ? allOrNone : faults.refusalOf(step.fault);
		if (refusal !== undefined) throw new FaultRefusedError(`drill ${name} cannot run here: ${refusal}`);
	}
}

const allOrNone =
	'runDrill() breaks the connections to all servers of its url, and none to one of them: leave out the node, or run the drill with redis-cache-tui drill --url';

type Run = {
	readonly subject: OpenSubject | string | URL;
	readonly drill: Drill;
	readonly signal: AbortSignal | undefined;
	/** Where the subject connects. */
	readonly application: ApplicationPort;
};

async function runOn(
	target: Target,
	faults: FaultControl,
	{subject, drill, signal, application}: Run,
): Promise<DrillReport> {
	const opener = openerOf(subject, application);
	const bed = await SubjectBed.open(opener, drill);
	const lag = new EventLoopLagMonitor();
	try {
		if (application.isUnused)
			throw new SubjectError(
				opener.name,
				'it has not connected to the `url` that open() gets, so no fault would reach it',
			);
		const runner = new DrillRunner(drill, {
			server: serverOf(target),
			workload: bed.workload,
			cacheSnapshot: () => bed.cacheSnapshot(),
			onMode: (listener) => bed.onMode(listener),
			subject: bed,
			wire: application.record(),
			machineLateMs: () => lag.lateness(),
			applyFault: (fault) => faults.start(fault),
			liftFault: (id) => faults.lift([id]),
			isActive: (id) => faults.active().some((fault) => fault.id === id),
			failureOf: (id) => faults.failureOf(id),
		});
		const stop = () => void runner.abort('aborted by its signal');
		bed.onEnded(({message}) => void runner.abort(`the subject ${message}`));
		signal?.addEventListener('abort', stop, {once: true});
		if (signal?.aborted) stop();
		const report = await runner.run();
		signal?.removeEventListener('abort', stop);
		if (target.server === undefined) await bed.removeKeys();
		return report;
	} finally {
		await lag.close();
		await bed.close();
	}
}

function openerOf(subject: Run['subject'], {url, calmUrl}: Pick<ApplicationPort, 'url' | 'calmUrl'>): SubjectOpener {
	if (typeof subject === 'function') {
		const name = subject.name || 'open()';
		return {
			name,
			open: () => LocalSubject.open(subject, name, url),
			openElsewhere: () => LocalSubject.open(subject, name, calmUrl),
		};
	}
	const spec = parseSubject(String(subject));
	if (spec.kind === 'http')
		throw new SubjectError(spec.name, 'an application behind HTTP is run by `redis-cache-tui drill --subject`');
	return {name: spec.name, open: () => openSubject(spec, url), openElsewhere: () => openSubject(spec, calmUrl)};
}

function serverOf({server, shownUrl}: Target): string {
	return server === undefined ? `${shownUrl} (external)` : `${server.name} ${server.version} (private)`;
}
