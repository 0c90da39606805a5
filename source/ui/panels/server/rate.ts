import type {ServerFigures} from '../../../engine/protocol.js';
import {perSecond} from '../../../inspect/server/activity/merge-figures.js';
import {formatShortCount} from '../../../text/number.js';
import {countScale, formatTick, niceMax} from '../../charts/scale.js';
import type {ServerLine} from './server-figure-panel.js';

export const formatRate = (value: number) => `${formatShortCount(value)}/s`;

/** With some room above, so that a rate that varies around a round number does not change the axis. */
export const rateScale = (highest: number) => countScale(niceMax(highest * 1.1), (value) => `${formatTick(value)}/s`);

/** A count of the figures, as a line of its rate. */
export const rateLine = (
	line: Pick<ServerLine, 'name' | 'short' | 'style' | 'shape'>,
	count: (figures: ServerFigures) => number,
): ServerLine => ({...line, value: (figures) => perSecond(count(figures), figures), format: formatRate, cells: 7});

/** The source of the figures, for explanations. */
export const figuresSource =
	'INFO of the server, once a second: its counters now less those before. Lookups and commands of this program are subtracted, and commands of administration (PING, INFO, CLIENT …) are left out.';
