import type {ApplicationSnapshot, EngineSnapshot, TrafficSlot} from '../../../engine/protocol.js';
import {formatAge, formatLatency} from '../../../text/duration.js';
import {formatCount, formatCountOf, formatPercent, formatShortCount} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {hitRatioOfTraffic, rateOf} from '../../store/application-sample.js';
import type {StoreState} from '../../store/store.js';
import {recent} from '../../store/time-frame.js';
import type {Level} from '../verdict-marks.js';
import {longWaitMs, reactionSoFar} from './outage-reaction.js';

/** The state of the application behind the tap, in one sentence. */
export type ApplicationState = {readonly level: Level; readonly text: string};

/** The URL that the application has to be given in place of that of its Redis. */
export const urlOfTap = (listen: string): string => `redis://${listen}`;

/** What the application does while a fault is in force. */
function duringFault({faults, at, application}: EngineSnapshot, lastSecond: TrafficSlot | undefined): string {
	const label = faults.map((fault) => printable(fault.label)).join(' + ');
	const lasted = formatAge(at - Math.min(...faults.map((fault) => fault.since)));
	const answered =
		lastSecond && `${formatShortCount(rateOf(lastSecond.commands - lastSecond.lost, lastSecond))} commands/s answered`;
	const reaction = application?.outage && !application.outage.isOver ? reactionSoFar(application.outage) : [];
	const parts = [waitingWords(application), answered, ...reaction.map(({text}) => text)];
	return `${label} for ${lasted}: ${parts.filter((part) => part !== undefined).join(', ')}`;
}

/** The connections that wait for a reply, those left out that block on purpose. */
function waitingWords(application: ApplicationSnapshot | undefined): string {
	const {open = 0, longestWaitMs = 0} = application?.connections ?? {};
	if (open === 0) return 'no connection open';
	if (longestWaitMs < longWaitMs) return `${formatCountOf(open, 'connection')} open`;
	const waiting = application?.live.connections.filter(({oldest}) => oldest && !oldest.isBlocking).length;
	return `${formatCount(waiting)} of ${formatCountOf(open, 'connection')} wait, the longest for ${formatAge(longestWaitMs)}`;
}

/** The main figures: `hit ratio 92 %, 3,210 commands/s, p99 0.42 ms`. */
function figures(lately: TrafficSlot | undefined): string {
	if (!lately || lately.commands === 0) return 'no commands lately';
	const ratio = hitRatioOfTraffic(lately);
	return [
		...(ratio === undefined ? [] : [`hit ratio ${formatPercent(ratio, 0)}`]),
		`${formatCount(rateOf(lately.commands, lately))} commands/s`,
		`p99 ${formatLatency(lately.p99Ms ?? undefined)}`,
	].join(', ');
}

/**
 * What is the matter with the application: what it does during a fault, else the worst finding, else that it is healthy.
 * Before it has connected: where to.
 */
export function applicationState(state: StoreState): ApplicationState {
	const {snapshot} = state;
	const application = snapshot?.application;
	if (!snapshot || !application) return {level: 'unknown', text: 'starting'};
	const {connections, commands, findings, listen} = application;
	if (snapshot.faults.length > 0) return {level: 'bad', text: duringFault(snapshot, recent(state, 1)?.application)};
	if (connections.opened === 0)
		return {
			level: 'unknown',
			text: `point your application at ${urlOfTap(listen)} (y copies this URL); nothing else changes`,
		};
	const [worst] = findings;
	if (worst && worst.level !== 'info') {
		const level = worst.level === 'serious' ? 'bad' : 'warn';
		return {level, text: printable(`${worst.title}: ${worst.evidence}`)};
	}
	if (commands.total === 0) return {level: 'unknown', text: 'connected, and no command was answered yet'};
	if (connections.open === 0)
		return {level: 'unknown', text: `no connection is open; ${formatCountOf(commands.total, 'command')} so far`};
	const remark = worst ? `; to look at (7): ${printable(worst.title)}` : '';
	return {level: 'fine', text: `healthy: ${figures(recent(state, 10)?.application)}${remark}`};
}
