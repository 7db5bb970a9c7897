import './styles/index.css';
import { render } from 'preact';
import { App } from './shell/app.tsx';
import { openSession } from './session/open.ts';

render(<App />, document.querySelector('#app') as HTMLElement);
void openSession();
