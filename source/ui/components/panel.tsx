import {Box} from 'ink';
import {createContext, memo, type ReactNode, use, useCallback} from 'react';
import {widthOf} from '../../text/cells.js';
import type {Glyphs} from '../glyphs.js';
import {useLook} from '../hooks/use-look.js';
import type {PanelFrame} from '../state/views/plans/plan-row.js';
import {type Row, rowWidth, span, truncate} from '../text/row.js';
import {borderProps} from '../theme.js';
import {type Draw, Raster} from './raster.js';

/** The frame of the panels inside. */
export const PanelFrameContext = createContext<PanelFrame>('box');

export type PanelProps = {
	readonly title: string;
	/** The title under a `rule`. Default: `title`. */
	readonly shortTitle?: string;
	/** The newest figures, to the right of the title: from the longest wording to the shortest, of which the first that fits is shown. */
	readonly notes?: readonly Row[];
	/** A focused panel has a heavy border and a pointer before its title. */
	readonly isFocused?: boolean;
	readonly children: ReactNode;
};

/** A titled part of the screen that grows in its row or column. */
export function Panel({title, shortTitle = title, notes, isFocused = false, children}: PanelProps) {
	const {theme, glyphs} = useLook();
	const isBox = use(PanelFrameContext) === 'box';
	return (
		<Box
			flexDirection="column"
			flexGrow={1}
			flexBasis={0}
			borderStyle={borderStyleOf(glyphs, isFocused)}
			borderLeft={isBox}
			borderRight={isBox}
			borderBottom={isBox}
			paddingX={isBox ? 1 : 0}
			{...borderProps(isFocused ? theme.focus : theme.border)}
		>
			<TitleBar title={isBox ? title : shortTitle} notes={notes ?? noNotes} isFocused={isFocused} isBox={isBox} />
			{children}
		</Box>
	);
}

const noNotes: readonly Row[] = [];

export const borderStyleOf = (glyphs: Glyphs, isFocused: boolean) =>
	isFocused
		? {
				top: glyphs.focusHorizontal,
				bottom: glyphs.focusHorizontal,
				left: glyphs.focusVertical,
				right: glyphs.focusVertical,
				topLeft: glyphs.focusTopLeft,
				topRight: glyphs.focusTopRight,
				bottomLeft: glyphs.focusBottomLeft,
				bottomRight: glyphs.focusBottomRight,
			}
		: {
				top: glyphs.horizontal,
				bottom: glyphs.horizontal,
				left: glyphs.vertical,
				right: glyphs.vertical,
				topLeft: glyphs.topLeft,
				topRight: glyphs.topRight,
				bottomLeft: glyphs.bottomLeft,
				bottomRight: glyphs.bottomRight,
			};

type TitleBarProps = {
	readonly title: string;
	readonly notes: readonly Row[];
	readonly isFocused: boolean;
	readonly isBox: boolean;
};

/** Title and notes, drawn over the upper border of the box around it, with the blanks at their ends. */
export const TitleBar = memo(function TitleBar({title, notes, isFocused, isBox}: TitleBarProps) {
	const {glyphs} = useLook();
	const draw: Draw = useCallback(
		({width}) => [titleRow({title, notes, isFocused, isBox, width, glyphs})],
		[title, notes, isFocused, isBox, glyphs],
	);
	return (
		<Box flexDirection="column" marginTop={-1} flexShrink={0}>
			<Raster draw={draw} height={1} isOpaque />
		</Box>
	);
});

function titleRow({
	title,
	notes,
	isFocused,
	isBox,
	width,
	glyphs,
}: TitleBarProps & {readonly width: number; readonly glyphs: Glyphs}): Row {
	const edge = isFocused ? 'focus' : 'border';
	const horizontal = isFocused ? glyphs.focusHorizontal : glyphs.horizontal;
	// With a `rule` frame there is no blank after the pointer: at 80 columns the focused panel would have no room for its
	// notes.
	const pointer = isFocused ? `${glyphs.pointer}${isBox ? ' ' : ''}` : '';
	// The first cell of a rule is left to its line.
	const start: Row = isBox ? [] : [span(horizontal, edge)];
	const text = truncate(pointer + title, Math.max(0, width - rowWidth(start) - 2), glyphs.ellipsis);
	const room = width - rowWidth(start) - widthOf(text) - 2;
	const end = isBox ? ' ' : '';
	// A box keeps a piece of its border between the title and the notes.
	const fewest = isBox ? 1 : 0;
	const note = notes.find(
		(candidate) => rowWidth(candidate) > 0 && fewest + rowWidth(candidate) + 1 + end.length <= room,
	);
	const fill = room - (note ? rowWidth(note) + 1 + end.length : 0);
	return [
		...start,
		span(` ${text} `, isFocused ? 'focus' : 'title'),
		span(horizontal.repeat(Math.max(0, fill)), edge),
		...(note ? [span(' '), ...note, span(end)] : []),
	];
}
