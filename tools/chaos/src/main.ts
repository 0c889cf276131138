import { Command } from 'commander';

new Command('chaos').helpOption('-h, --help', 'show this').parse();
