import {formatAge, formatLatency} from '../../../text/duration.js';
import {formatCount, formatCountOf, formatPercent} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import type {StoreState} from '../../store/store.js';
import {callRateOf, hitRatioOf, recent} from '../../store/time-frame.js';
import type {Level} from '../verdict-marks.js';

/** The state of a live process, in one sentence. */
export type ProcessState = {readonly level: Level; readonly text: string};

/** Milliseconds from which on a load is mentioned. */
const slowMs = 1000;

/**
 * The sentence about the cache of a live process, by priority: that the process has ended or is silent; that Redis is not in
 * use or refuses commands; that loads wait; or that it is connected, with its main figures.
 */
export function processState(state: StoreState): ProcessState {
	const {snapshot} = state;
	const attached = snapshot?.attached;
	if (!snapshot || !attached) return {level: 'unknown', text: 'starting'};
	const {at, cache} = snapshot;
	const {name, pid, since, loads} = attached;
	if (attached.state === 'ended')
		return {
			level: 'bad',
			text: printable(
				`${attached.reason ?? 'the process has ended'}, ${formatAge(at - since)} ago: waiting for another process named ${name}. The figures are its last state.`,
			),
		};
	if (attached.state === 'silent')
		return {
			level: 'warn',
			text: `process ${pid} has sent nothing for ${formatAge(at - since)}: it is suspended, or its event loop is blocked`,
		};
	const {mode, reason} = cache.mode;
	if (mode !== 'connected') {
		const lasted = `${mode} for ${formatAge(at - cache.mode.at)}`;
		const journal = `${formatCountOf(cache.journal.size, 'key')} in the journal`;
		const why = reason === '' ? '' : `: ${reason}`;
		return {
			level: mode === 'fallback' ? 'bad' : 'warn',
			text: printable(`${lasted}${why}; ${figuresOf(state)}, ${journal}`),
		};
	}
	const [restriction] = cache.restrictions;
	if (restriction) return {level: 'bad', text: printable(`Redis refuses ${restriction.what}: ${restriction.reason}`)};
	const [oldest] = loads.oldest;
	if (loads.waiting > 0)
		return {
			level: 'warn',
			text: `${formatCountOf(loads.waiting, 'load')} ${loads.waiting === 1 ? 'waits' : 'wait'} for one of ${formatCount(loads.limit)} loaders; ${figuresOf(state)}`,
		};
	if (oldest && oldest.ms >= slowMs)
		return {
			level: 'warn',
			text: printable(`the load of ${oldest.key} has taken ${formatLatency(oldest.ms)} so far; ${figuresOf(state)}`),
		};
	return {level: 'fine', text: `connected to Redis: ${figuresOf(state)}`};
}

/** The main figures of the last ten seconds. */
function figuresOf(state: StoreState): string {
	const lately = recent(state, 10);
	const ratio = hitRatioOf(lately);
	const {snapshot} = state;
	const rate = callRateOf(lately);
	if (!lately || lately.calls === 0) return 'no calls lately';
	return [
		...(ratio === undefined ? [] : [`hit ratio ${formatPercent(ratio, 0)}`]),
		`${formatCount(rate)} calls/s`,
		`reads from Redis p99 ${formatLatency(snapshot?.cache.latency.get.p99)}`,
	].join(', ');
}
