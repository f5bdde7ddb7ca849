# fish completion for reeve. Use it with: reeve completion fish | source

function __reeve_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l current (commandline -ct)
    for line in (command reeve complete -- $words[2..] 2>/dev/null)
        switch $line
            case ':files' ':directories'
                # What stands in front of a value, as in --root=DIR, stays there.
                set -l kept (string match -r '^-.*=' -- $current)
                for path in (__fish_complete_path (string replace -r '^-.*=' '' -- $current))
                    echo "$kept$path"
                end
            case ':commands'
                __fish_complete_command
            case ':*'
            case '*'
                echo $line
        end
    end
end

complete -c reeve -f -a '(__reeve_complete)'
