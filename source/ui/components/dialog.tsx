import {Box} from 'ink';
import type {ReactNode} from 'react';
import {useLook} from '../hooks/use-look.js';
import {useTerminalSize} from '../hooks/use-screen.js';
import type {Row} from '../text/row.js';
import {borderProps} from '../theme.js';
import {borderStyleOf, TitleBar} from './panel.js';
import {type Draw, Raster} from './raster.js';

type DialogProps = {
	readonly title: string;
	/** See `notes` of a panel. */
	readonly notes?: readonly Row[];
	/** Its width in columns, if there is enough room. */
	readonly columns: number;
	/** Height of the dialog with its border, as a share of the view. Default: the height of its content. */
	readonly height?: `${number}%`;
	/** Default: in the middle of the view. */
	readonly place?: 'middle' | 'bottom';
	/** Gets the number of columns inside the border. */
	readonly children: (width: number) => ReactNode;
};

const noNotes: readonly Row[] = [];

const blank: Draw = () => [];

/** A box in front of the view that gets the keystrokes. */
export function Dialog({title, notes = noNotes, columns, height, place = 'middle', children}: DialogProps) {
	const terminal = useTerminalSize();
	const {theme, glyphs} = useLook();
	const width = Math.min(terminal.columns, columns);
	return (
		<Box
			position="absolute"
			width="100%"
			height="100%"
			flexDirection="column"
			alignItems="center"
			justifyContent={place === 'middle' ? 'center' : 'flex-end'}
		>
			<Box
				flexDirection="column"
				width={width}
				maxHeight="100%"
				paddingX={1}
				borderStyle={borderStyleOf(glyphs, true)}
				{...borderProps(theme.focus)}
				{...(height !== undefined && {height})}
			>
				<Box position="absolute" top={0} bottom={0} left={0} right={0}>
					<Raster draw={blank} isOpaque />
				</Box>
				<TitleBar title={title} notes={notes} isFocused isBox />
				{children(width - 4)}
			</Box>
		</Box>
	);
}
