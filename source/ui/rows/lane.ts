import type {LaneState} from '../../metrics/pool-snapshot.js';
import type {Glyphs} from '../glyphs.js';
import type {StyleName} from '../theme.js';

export const laneStyles: Readonly<Record<LaneState, StyleName>> = {
	connecting: 'warn',
	ready: 'good',
	waiting: 'bad',
	closed: 'dim',
};

export function laneGlyph(state: LaneState, glyphs: Glyphs): string {
	switch (state) {
		case 'ready':
			return glyphs.modes.connected;
		case 'connecting':
			return glyphs.modes.recovering;
		case 'waiting':
			return glyphs.modes.fallback;
		case 'closed':
			return glyphs.fail;
	}
}

/** The style of a bar for a load of 0 to 1. */
export const loadStyle = (share: number): StyleName => (share >= 0.9 ? 'bad' : share >= 0.6 ? 'warn' : 'accent');

export const shareOf = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
