import {readServer} from '../../inspect/server/info/server-info.js';
import type {TapServers} from '../../tap/seed-port.js';
import type {Tap} from '../../tap/tap.js';
import type {EventsWriter, SessionLog} from '../log/events-log.js';
import {FaultEvents} from '../log/fault-events.js';
import {logTargetEvent} from '../log/target-events.js';
import type {EngineOptions} from '../protocol.js';
import type {Connection} from '../target/connection.js';
import {warningsOf} from '../target/diagnosis/target-warnings.js';
import {awaitAnswer, type Inspection, openInspection} from '../target/inspection.js';
import {maskedLog} from '../target/mask-proxy-address.js';
import {tapServersOf} from '../target/nodes/tap-servers.js';
import {openTarget} from '../target/open-target.js';
import type {Target, TargetEvent} from '../target/target.js';
import {type ApplicationPort, openApplicationPort} from './application/application-port.js';
import {openTap} from './application/open-tap.js';
import {connectParts} from './connect-parts.js';
import type {Session} from './session.js';

/**
 * Opens a target and starts on it.
 *
 * @param connection Default: a private Redis.
 * @throws {EngineError | InvalidArgumentError} Nothing is left open then.
 */
export async function openSession(
	connection: Connection | undefined,
	options: EngineOptions,
	log: SessionLog,
): Promise<Session> {
	const faultEvents = new FaultEvents(log);
	const onTargetEvent = (event: TargetEvent) => logTargetEvent(event, faultEvents, log);
	const target = await openTarget(connection, options, onTargetEvent);
	if (target.server?.note !== undefined) log.add({level: 'warn', topic: 'server', text: target.server.note});
	let inspection: Inspection | undefined;
	let tap: Tap | undefined;
	let application: ApplicationPort | undefined;
	try {
		inspection = openInspection(target);
		await awaitAnswer(inspection, target);
		const server = await readServer(inspection.sender).catch(() => undefined);
		const warnings = target.server ? [] : await warningsOf(target, inspection.sender, server);
		for (const {text} of warnings) log.add({level: 'warn', topic: 'server', text});
		const servers = await tapServersOf(target, inspection);
		tap = await openTap(target, servers, options, log, onTargetEvent);
		application = await openApplication(target, servers, options, log);
		return connectParts(target, inspection, {
			tap,
			application,
			options,
			log: maskedLog(log, target.maskProxyAddress),
			faultEvents,
			server,
			warnings,
		});
	} catch (error) {
		await application?.close();
		await tap?.close();
		await inspection?.close();
		await target.close();
		throw error;
	}
}

/** Opens a port for the application that drills are run on, if there is one. */
async function openApplication(
	target: Target,
	servers: TapServers | undefined,
	{subject, proxyPort, hideKeys = false}: EngineOptions,
	log: EventsWriter,
): Promise<ApplicationPort | undefined> {
	return subject === undefined && proxyPort === undefined
		? undefined
		: openApplicationPort(target, {port: proxyPort, hideKeys, servers}, log);
}
