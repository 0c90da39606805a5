import {useWindowSize} from 'ink';
import {type ReactNode, useLayoutEffect, useMemo} from 'react';
import {glyphsOf} from '../glyphs.js';
import {LookContext} from '../hooks/use-look.js';
import {ScreenContext, type ScreenParts, TerminalSizeContext} from '../hooks/use-screen.js';
import {useSelector} from '../hooks/use-selector.js';
import {themeOf} from '../theme.js';

/** Gives components the engine's data, the state of the screen, its look and its size. */
export function ScreenProvider({store, controller, noColor, children}: ScreenParts & {readonly children: ReactNode}) {
	const {columns, rows} = useWindowSize();
	const size = useMemo(() => ({columns, rows}), [columns, rows]);
	const parts = useMemo(() => ({store, controller, noColor}), [store, controller, noColor]);
	const theme = useSelector(controller, (ui) => ui.theme);
	const glyphs = useSelector(controller, (ui) => ui.glyphs);
	const look = useMemo(
		() => ({theme: themeOf(theme, noColor), isAscii: glyphs === 'ascii', glyphs: glyphsOf[glyphs]}),
		[theme, glyphs, noColor],
	);
	useLayoutEffect(() => controller.resize(size), [controller, size]);
	return (
		<ScreenContext value={parts}>
			<TerminalSizeContext value={size}>
				<LookContext value={look}>{children}</LookContext>
			</TerminalSizeContext>
		</ScreenContext>
	);
}
