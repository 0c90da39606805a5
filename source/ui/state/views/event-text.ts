import type {EngineEvent, EngineEventLevel} from '../../../engine/protocol.js';
import {formatElapsed} from '../../../text/duration.js';
import {formatCount} from '../../../text/number.js';
import {formatPreciseTimeOfDay} from '../../../text/time-of-day.js';

export const levelWords: Readonly<Record<EngineEventLevel, string>> = {
	debug: 'debug',
	info: 'info',
	warn: 'WARN',
	error: 'ERROR',
};

/** An event in full. The last line may be long. */
export function eventText(event: EngineEvent): readonly string[] {
	const lasted = event.lastAt - event.at;
	const span = lasted >= 1000 ? ` in ${formatElapsed(lasted)}, last at ${formatPreciseTimeOfDay(event.lastAt)}` : '';
	return [
		`${formatPreciseTimeOfDay(event.at)}  ${levelWords[event.level]}  ${event.topic}`,
		...(event.count > 1 ? [`${formatCount(event.count)} times${span}`] : []),
		'',
		event.text,
	];
}
