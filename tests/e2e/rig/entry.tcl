# A Tk entry on the customer's desktop: wish entry.tcl TITLE FILE X Y
# The file gets the text on each change.

lassign $argv title file x y

proc write {} {
    global file text
    set half [open $file.half w]
    fconfigure $half -encoding utf-8 -translation lf
    puts -nonewline $half $text
    close $half
    file rename -force $file.half $file
}

set text ""
wm title . $title
wm geometry . +$x+$y
pack [entry .field -width 60 -textvariable text]
trace add variable text write {apply {args write}}
write
update
focus -force .field
