import type {ConnectionColor} from '../../engine/target/connection.js';
import type {StyleName} from '../theme.js';

/** The style of a connection's name. Without a color it stands out all the same. */
export const markOf = (color: ConnectionColor | undefined): StyleName =>
	color === undefined ? 'selected' : `mark-${color}`;
