import type {EngineEvent, EngineEventLevel} from '../../../engine/protocol.js';
import {clockMs, count, duration} from '../../format.js';

export const levelWords: Readonly<Record<EngineEventLevel, string>> = {
	debug: 'debug',
	info: 'info',
	warn: 'WARN',
	error: 'ERROR',
};

/** An event in full. The last line may be long. */
export function eventText(event: EngineEvent): readonly string[] {
	const lasted = event.lastAt - event.at;
	const span = lasted >= 1000 ? ` in ${duration(lasted)}, last at ${clockMs(event.lastAt)}` : '';
	return [
		`${clockMs(event.at)}  ${levelWords[event.level]}  ${event.topic}`,
		...(event.count > 1 ? [`${count(event.count)} times${span}`] : []),
		'',
		event.text,
	];
}
