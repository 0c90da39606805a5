import type {ConnectionColor} from '../../engine/target/connection.js';
import type {StyleName} from '../theme.js';

/** The style of a connection's name, which is highlighted even without a color. */
export const markOf = (color: ConnectionColor | undefined): StyleName =>
	color === undefined ? 'selected' : `mark-${color}`;
