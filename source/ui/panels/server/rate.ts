import type {ServerFigures} from '../../../engine/protocol.js';
import {perSecond} from '../../../inspect/server/activity/merge-figures.js';
import {formatRate} from '../rate.js';
import type {ServerLine} from './server-figure-panel.js';

/** A count of the figures, as a line of its rate. */
export const rateLine = (
	line: Pick<ServerLine, 'name' | 'short' | 'style' | 'shape'>,
	count: (figures: ServerFigures) => number,
): ServerLine => ({...line, value: (figures) => perSecond(count(figures), figures), format: formatRate, cells: 7});

/** The source of the figures, for explanations. */
export const figuresSource =
	'INFO of the server, once a second: its counters now less those before. Lookups and commands of this program are subtracted, and commands of administration (PING, INFO, CLIENT …) are left out.';
