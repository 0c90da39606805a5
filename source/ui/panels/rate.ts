import {formatShortCount} from '../../text/number.js';
import {countScale, formatTick, niceMax} from '../charts/scale.js';

export const formatRate = (value: number) => `${formatShortCount(value)}/s`;

/** With some headroom, so that a rate that varies around a round number does not change the axis. */
export const rateScale = (highest: number) => countScale(niceMax(highest * 1.1), (value) => `${formatTick(value)}/s`);
