import type {AttachedSnapshot, LiveLoads} from '../../../engine/protocol.js';
import {formatLatency} from '../../../text/duration.js';
import {formatCount} from '../../../text/number.js';
import {span} from '../../text/row.js';
import {verdictStyles} from '../verdict-marks.js';
import type {Vital} from '../vital.js';
import type {ProcessState} from './process-state.js';

export type ProcessFigures = ProcessState & Pick<AttachedSnapshot, 'state'>;

/** The state of the process, shown instead of simulated outages. */
export const processVital = ({level, text, state}: ProcessFigures): Vital => ({
	panel: 'live-process',
	name: 'process',
	value: state,
	style: verdictStyles[level],
	history: [span(text, level === 'bad' ? 'bad' : 'text')],
});

/** The loads, shown instead of wrong reads, which cannot be counted in a live process. */
export function loadsVital({inFlight, waiting, oldest: [oldest]}: LiveLoads): Vital {
	const queued = waiting > 0 ? `${formatCount(waiting)} wait for a loader  ` : '';
	return {
		panel: 'loads',
		name: 'loads',
		value: formatCount(inFlight),
		style: waiting > 0 ? 'warn' : 'text',
		history: [span(`${queued}${oldest ? `longest ${formatLatency(oldest.ms)}` : 'none in flight'}`, 'dim')],
	};
}
