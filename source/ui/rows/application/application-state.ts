import {entryOf, entryWords} from '../../../engine/application-entry.js';
import type {ApplicationSnapshot, EngineSnapshot, TapSnapshot, TrafficSlot} from '../../../engine/protocol.js';
import {ordinaryErrors} from '../../../inspect/server/activity/ordinary-errors.js';
import {formatAge, formatLatency} from '../../../text/duration.js';
import {formatCount, formatCountOf, formatPercent, formatShortCount} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {type ApplicationSample, hitRatioOfTraffic, rateOf} from '../../store/application-sample.js';
import type {StoreState} from '../../store/store.js';
import {recent} from '../../store/time-frame.js';
import type {Level} from '../verdict-marks.js';
import {longWaitMs, reactionSoFar} from './outage-reaction.js';

/** The state of the application behind the tap, in one sentence. */
export type ApplicationState = {readonly level: Level; readonly text: string};

/** The address that the application gets instead of its Redis, as text to copy and in words. */
export const entryOfTap = ({listen, target}: TapSnapshot): string => entryOf(listen, target);
export const tapWords = ({listen, target}: TapSnapshot): string => entryWords(listen, target);

/** State of the application while a fault is active. */
function duringFault({faults, at, application}: EngineSnapshot, lastSecond: TrafficSlot | undefined): string {
	const label = faults.map((fault) => printable(fault.label)).join(' + ');
	const lasted = formatAge(at - Math.min(...faults.map((fault) => fault.since)));
	const answered =
		lastSecond && `${formatShortCount(rateOf(lastSecond.commands - lastSecond.lost, lastSecond))} commands/s answered`;
	const reaction = application?.outage && !application.outage.isOver ? reactionSoFar(application.outage) : [];
	const parts = [waitingWords(application), answered, ...reaction.map(({text}) => text)];
	return `${label} for ${lasted}: ${parts.filter((part) => part !== undefined).join(', ')}`;
}

/** Seconds without a reply to the application, and to this program, from which on Redis counts as silent. */
const silentSeconds = 3;

/**
 * The sentence if the server answers neither the application nor this program, without a fault; undefined otherwise. Either alone is
 * not enough: an application may be idle, and the login of this program may be refused.
 */
function withoutAnswers(state: StoreState, {at, server, application}: EngineSnapshot): string | undefined {
	const silentMs = server === undefined ? 0 : at - server.at;
	if (silentMs < silentSeconds * 1000) return undefined;
	const lately = recent(state, silentSeconds)?.application;
	if (lately && lately.commands > lately.lost) return undefined;
	const lost = lately && lately.lost > 0 ? `, ${formatCountOf(lately.lost, 'command')} lost just now` : '';
	return `Redis has not answered for ${formatAge(silentMs)}: ${waitingWords(application)}${lost}`;
}

/** The sentence for an application whose logins are refused, so that it gets only errors; undefined for other applications. */
function refusedLogins(
	{connections, errors}: ApplicationSnapshot,
	lately: TrafficSlot | undefined,
): string | undefined {
	if (connections.refusedLogins === 0 || !lately || lately.commands === 0) return undefined;
	if (lately.errors + lately.lost < lately.commands) return undefined;
	const code = errors.WRONGPASS === undefined ? '' : ' (WRONGPASS)';
	return `Redis refuses the login of the application${code}: ${formatCountOf(connections.refusedLogins, 'time')} so far, and only errors lately`;
}

/** Errors in ten seconds from which on they are no coincidence, and the share of the commands that makes them a problem. */
const fewestErrors = 5;
const errorShares = {warn: 0.05, bad: 0.5};

/**
 * The sentence for an application whose commands fail, with the most frequent code; undefined if only few do, or none did in the
 * last seconds. Failed commands read and write nothing, so no finding detects them.
 */
function failingCommands(state: StoreState): ApplicationState | undefined {
	const lately = recent(state, 10)?.application;
	const now = recent(state, silentSeconds)?.application;
	if (!lately || !now || unusualErrors(now).length === 0) return undefined;
	const codes = unusualErrors(lately);
	const errors = codes.reduce((sum, [, count]) => sum + count, 0);
	const share = errors / lately.commands;
	const [worst] = codes.sort(([, one], [, other]) => other - one);
	if (!worst || errors < fewestErrors || share < errorShares.warn) return undefined;
	const rate = `${formatShortCount(rateOf(errors, lately))} errors/s`;
	return {
		level: share >= errorShares.bad ? 'bad' : 'warn',
		text: `${formatPercent(Math.min(1, share), 0)} of the commands fail: ${rate}, mostly ${printable(worst[0])}`,
	};
}

function unusualErrors({errorsByCode}: ApplicationSample): [string, number][] {
	return Object.entries(errorsByCode).filter(([code, count]) => count > 0 && !ordinaryErrors.has(code));
}

/** The connections that wait for a reply, without those in blocking commands. */
function waitingWords(application: ApplicationSnapshot | undefined): string {
	const {open = 0, waiting = 0, waitingCommands = 0, longestWaitMs = 0} = application?.connections ?? {};
	if (open === 0) return 'no connection open';
	if (longestWaitMs < longWaitMs) return `${formatCountOf(open, 'connection')} open`;
	const verb = waiting === 1 ? 'waits' : 'wait';
	const commands = waitingCommands > waiting ? ` with ${formatCountOf(waitingCommands, 'command')}` : '';
	return `${formatCount(waiting)} of ${formatCountOf(open, 'connection')} ${verb}${commands}, the longest for ${formatAge(longestWaitMs)}`;
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
 * State of the application: its reaction during a fault, else that Redis is silent or refuses its logins, else that its
 * commands fail, else the worst finding, else that it is healthy. Before it has connected: the address to connect to.
 */
export function applicationState(state: StoreState): ApplicationState {
	const {snapshot} = state;
	const application = snapshot?.application;
	if (!snapshot || !application) return {level: 'unknown', text: 'starting'};
	const {connections, commands, findings} = application;
	if (snapshot.faults.length > 0) return {level: 'bad', text: duringFault(snapshot, recent(state, 1)?.application)};
	const silence = withoutAnswers(state, snapshot);
	if (silence !== undefined) return {level: 'bad', text: silence};
	if (connections.opened === 0)
		return {
			level: 'unknown',
			text: `point your application at ${tapWords(application)} (y copies it); nothing else changes`,
		};
	const refused = refusedLogins(application, recent(state, 10)?.application);
	if (refused !== undefined) return {level: 'bad', text: refused};
	const failing = failingCommands(state);
	const [worst] = findings;
	if (failing && (failing.level === 'bad' || worst?.level !== 'serious')) return failing;
	if (worst && worst.level !== 'info') {
		const level = worst.level === 'serious' ? 'bad' : 'warn';
		return {level, text: printable(`${worst.title}: ${worst.evidence}`)};
	}
	if (commands.total === 0) return {level: 'unknown', text: 'connected, but no command was answered yet'};
	if (connections.open === 0)
		return {level: 'unknown', text: `no connection is open; ${formatCountOf(commands.total, 'command')} so far`};
	const remark = worst ? `; see view 7: ${printable(worst.title)}` : '';
	return {level: 'fine', text: `healthy: ${figures(recent(state, 10)?.application)}${remark}`};
}
