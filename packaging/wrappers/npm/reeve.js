#!/usr/bin/env node
'use strict'

// Runs the program in the package for this machine, and stays out of its way.

const { spawn } = require('child_process')
const fs = require('fs')

const machine = `${process.platform}-${process.arch}`
const name = process.platform === 'win32' ? 'reeve.exe' : 'reeve'

function findProgram () {
  try {
    return require.resolve(`reeve-${machine}/bin/${name}`)
  } catch {
    const made = Object.keys(require('../package.json').optionalDependencies)
    console.error(made.includes(`reeve-${machine}`)
      ? `reeve: cannot find the npm package reeve-${machine}, which has the program: install again, without --omit=optional`
      : `reeve: there is no npm package of reeve for ${machine}, only for ${made.map(n => n.slice(6)).join(', ')}`)
    process.exit(1)
  }
}

// A terminal sends its signals to this process and to the program. To pass them on would
// be a second Ctrl-C, which kills. They come without a terminal, too, from whoever
// started this process, and then to it alone.
function hasTerminal () {
  if (process.platform === 'win32') return true
  try {
    fs.closeSync(fs.openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}

function run (program, args) {
  let child
  const passOn = signal => child.kill(signal)
  const fromTerminal = hasTerminal()
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGHUP']) {
    process.on(signal, fromTerminal ? () => {} : passOn)
  }
  if (process.platform !== 'win32') {
    for (const signal of ['SIGTERM', 'SIGUSR1', 'SIGUSR2']) process.on(signal, passOn)
  }
  child = spawn(program, args, { stdio: 'inherit' })
  if (underNpm) watchParent(() => passOn('SIGTERM'))
  child.on('error', error => {
    console.error(`reeve: cannot run ${program}: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    // Whoever waits for this process sees the death of the program.
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

// npm runs this process in a shell, and ends the shell alone when it is ended itself.
function watchParent (lost) {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    lost()
  }, 1000)
}

const underNpm = process.env.npm_lifecycle_event !== undefined
const program = findProgram()
const args = process.argv.slice(2)

// Newer versions of Node can turn into the program. Not under npm: it passes on a Ctrl-C
// that the program has from the terminal already.
if (process.execve && process.platform !== 'win32' && !underNpm) {
  process.execve(program, [name, ...args], process.env)
}
run(program, args)
