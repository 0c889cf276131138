import { Command } from 'commander';

new Command('simulate').helpOption('-h, --help', 'show this').parse();
