import {useCallback} from 'react';
import type {ScrollScope, Viewport} from '../state/scroll.js';
import {useScreenParts} from './use-screen.js';

/**
 * Reports the size of a list or a text to the controller. The component calls the returned function while it is drawn.
 *
 * @param scope The scope whose keystrokes scroll the component. Undefined if none do.
 */
export function useViewport(scope: ScrollScope | undefined): (viewport: Viewport) => void {
	const {controller} = useScreenParts();
	return useCallback(
		(viewport) => {
			if (scope !== undefined) controller.setViewport(scope, viewport);
		},
		[controller, scope],
	);
}
