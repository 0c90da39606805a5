import {Box, Transform, useApp} from 'ink';
import {memo, useMemo} from 'react';
import {useLook} from '../hooks/use-look.js';
import {useTerminalSize} from '../hooks/use-screen.js';
import {type Look, paintRow} from '../text/paint.js';
import {cutRow, fitRows, type Row} from '../text/row.js';

type Size = {readonly width: number; readonly height: number};

/** Draws the cells of a box. Rows are cut to its size; cells without a row are not changed. */
export type Draw = (size: Size) => readonly Row[];

type RasterProps = {
	/** Called once for each size. Pass the same function while the picture is unchanged (`useCallback`). */
	readonly draw: Draw;
	/** Its height in rows, or fewer if there is not enough room. Default: all rows of its box. */
	readonly height?: number;
	/** True if cells without a row are blanks that hide the view behind. Default false. */
	readonly isOpaque?: boolean;
};

/**
 * The only component that draws cell by cell: bodies of charts, lists, lines that are fitted to a width.
 *
 * Ink lays out the boxes, then writes the frame, and only then attaches refs and runs effects. A picture that is measured
 * in an effect would appear a frame late, so this one is drawn while Ink writes the frame. Before Ink transforms a text,
 * it wraps it to the width of its box and cuts it at the height. The component therefore has two texts: the lines that
 * are left of the first give the size of the box, and those of the second are replaced by the picture.
 *
 * Ink parses a text twice, to lay it out and to write it. Here it lays out a placeholder and parses the picture once.
 * Time of a frame at 120×40 with eight panels, relative to this form: a `<Text>` for each span 2, one `<Text>` with the
 * whole picture of a panel 2.5 to 4.
 */
export const Raster = memo(function Raster({draw, height, isOpaque = false}: RasterProps) {
	const look = useLook();
	const {exit} = useApp();
	const {columns, rows} = useTerminalSize();
	const picture = useMemo(() => new Picture({draw, look, isOpaque, onError: exit}), [draw, look, isOpaque, exit]);
	const lines = '\n.'.repeat(Math.max(0, (height ?? rows) - 1));
	return (
		<Box height={height} flexGrow={height === undefined ? 1 : 0} flexShrink={1} overflowY="hidden">
			<Box position="absolute" width="100%">
				<Transform transform={picture.measure}>{'.'.repeat(columns) + lines}</Transform>
			</Box>
			<Box position="absolute">
				<Transform transform={picture.line}>{`.${lines}`}</Transform>
			</Box>
		</Box>
	);
});

type PictureParts = {
	readonly draw: Draw;
	readonly look: Look;
	readonly isOpaque: boolean;
	readonly onError: (error: Error) => void;
};

/** The painted lines of a picture, redrawn when the size of its box changes. */
class Picture {
	readonly #parts: PictureParts;
	#box: Size = {width: 0, height: 0};
	#drawn: Size = {width: 0, height: 0};
	#lines: readonly string[] = [];

	constructor(parts: PictureParts) {
		this.#parts = parts;
	}

	/** Gets the lines of a text that fills the box, of which the first is as wide as the box. */
	readonly measure = (text: string, index: number): string => {
		this.#box = {width: index === 0 ? text.length : this.#box.width, height: index + 1};
		return '';
	};

	/** Gets the lines of a text that is as high as the box. */
	readonly line = (_: string, index: number): string => {
		if (this.#box.width !== this.#drawn.width || this.#box.height !== this.#drawn.height) this.#draw();
		return this.#lines[index] ?? '';
	};

	#draw(): void {
		this.#drawn = this.#box;
		try {
			this.#lines = this.#paint(this.#parts.draw(this.#box));
		} catch (error) {
			this.#lines = [];
			// Deferred: Ink is writing a frame, and must not be unmounted before that is done.
			setImmediate(this.#parts.onError, error instanceof Error ? error : new Error(String(error)));
		}
	}

	/** The rows as lines with SGR codes. Blanks at their ends are left out: Ink starts each frame with blank cells. */
	#paint(rows: readonly Row[]): readonly string[] {
		const {look, isOpaque} = this.#parts;
		const {width, height} = this.#box;
		if (isOpaque) return fitRows(rows, width, height).map((row) => paintRow(row, look));
		return rows.slice(0, height).map((row) => paintRow(cutRow(row, width), look).trimEnd());
	}
}
