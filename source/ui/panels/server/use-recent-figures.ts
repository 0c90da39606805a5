import type {ServerFigures} from '../../../engine/protocol.js';
import {useEngine} from '../../hooks/use-screen.js';

/** The figures of the last ten seconds. The same object until there are newer ones. */
export const useRecentFigures = (): ServerFigures | undefined =>
	useEngine(
		({snapshot}) => snapshot?.activity.recent,
		(before, after) => before?.at === after?.at,
	);
