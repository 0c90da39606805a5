import {useLayoutEffect, useRef} from 'react';
import type {Viewport} from '../state/scroll.js';
import {useScreenParts} from './use-screen.js';

/**
 * Tells the controller what the keys scroll now. The component writes the size of what it has drawn into the returned
 * object.
 *
 * @param hasKeys True while the keys scroll this component. Of several, the one that came last has them.
 */
export function useViewport(hasKeys: boolean): Viewport {
	const {controller} = useScreenParts();
	const {current: viewport} = useRef<Viewport>({rows: 1, lines: 0});
	useLayoutEffect(() => (hasKeys ? controller.attachViewport(viewport) : undefined), [controller, viewport, hasKeys]);
	return viewport;
}
