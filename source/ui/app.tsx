import {Box} from 'ink';
import {Footer} from './components/footer.js';
import {Header} from './components/header/header.js';
import {ScreenProvider} from './components/screen-provider.js';
import type {Controller} from './controller.js';
import {CurrentDialog} from './dialogs/index.js';
import {useControls} from './hooks/use-controls.js';
import {useEngine, useTerminalSize, useUi} from './hooks/use-screen.js';
import {isTooSmall} from './state/terminal-size.js';
import {viewElsewhere} from './state/views/process-views.js';
import type {Store} from './store/store.js';
import {views} from './views/index.js';
import {Overview} from './views/overview.js';
import {ProcessElsewhere} from './views/process-elsewhere.js';
import {TooSmall} from './views/too-small.js';

type AppProps = {
	readonly store: Store;
	readonly controller: Controller;
	readonly noColor?: boolean;
};

/** The dashboard: draws the state of the store and the controller, and passes all input to the controller. */
export function App({store, controller, noColor = false}: AppProps) {
	useControls(controller);
	return (
		<ScreenProvider store={store} controller={controller} noColor={noColor}>
			<Screen />
		</ScreenProvider>
	);
}

/** Header, view and footer, with a dialog over them. */
function Screen() {
	const size = useTerminalSize();
	const view = useUi((ui) => ui.view);
	const source = useEngine(({snapshot}) => snapshot?.source);
	const elsewhere = viewElsewhere(view, source);
	if (isTooSmall(size)) return <TooSmall />;
	const View = view === 'overview' ? Overview : views[view].component;
	return (
		<Box flexDirection="column" width={size.columns} height={size.rows}>
			<Header />
			<Box flexGrow={1} flexBasis={0}>
				{elsewhere ? <ProcessElsewhere view={elsewhere} /> : <View />}
				<CurrentDialog />
			</Box>
			<Footer />
		</Box>
	);
}
