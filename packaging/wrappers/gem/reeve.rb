#!/usr/bin/env ruby
# frozen_string_literal: true

# Turns into the program that stands beside this file's directory.
name = Gem.win_platform? ? "reeve.exe" : "reeve"
exec([File.expand_path("../libexec/#{name}", __dir__), name], *ARGV)
