import { goldenSuite } from '../support/golden.js';

goldenSuite({ tools: 'java', broker: 'embedded' });
goldenSuite({ tools: 'ts', broker: '4.3.1' });
