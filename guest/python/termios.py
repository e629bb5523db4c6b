"""Terminals, of which a component has none: the constants are those of Linux, and each function says that no file is one."""

import errno
import os


class error(Exception):
    """What the functions raise: the number of an OSError and its message."""


# What a list of attributes holds at which place, and how many control characters there are.
VINTR = 0
VQUIT = 1
VERASE = 2
VKILL = 3
VEOF = 4
VTIME = 5
VMIN = 6
VSWTC = 7
VSWTCH = 7
VSTART = 8
VSTOP = 9
VSUSP = 10
VEOL = 11
VREPRINT = 12
VDISCARD = 13
VWERASE = 14
VLNEXT = 15
VEOL2 = 16
NCC = 8
NCCS = 32

# Characters that a terminal begins with.
CDSUSP = 25
CEOF = 4
CEOL = 0
CEOT = 4
CERASE = 127
CFLUSH = 15
CINTR = 3
CKILL = 21
CLNEXT = 22
CQUIT = 28
CRPRNT = 18
CSTART = 17
CSTOP = 19
CSUSP = 26
CWERASE = 23

# Modes of input.
BRKINT = 2
ICRNL = 256
IGNBRK = 1
IGNCR = 128
IGNPAR = 4
IMAXBEL = 8192
INLCR = 64
INPCK = 16
ISTRIP = 32
IUCLC = 512
IXANY = 2048
IXOFF = 4096
IXON = 1024
PARMRK = 8

# Modes of output.
BS0 = 0
BS1 = 8192
BSDLY = 8192
CR0 = 0
CR1 = 512
CR2 = 1024
CR3 = 1536
CRDLY = 1536
FF0 = 0
FF1 = 32768
FFDLY = 32768
NL0 = 0
NL1 = 256
NLDLY = 256
OCRNL = 8
OFDEL = 128
OFILL = 64
OLCUC = 2
ONLCR = 4
ONLRET = 32
ONOCR = 16
OPOST = 1
TAB0 = 0
TAB1 = 2048
TAB2 = 4096
TAB3 = 6144
TABDLY = 6144
VT0 = 0
VT1 = 16384
VTDLY = 16384
XTABS = 6144

# Modes of control.
CBAUD = 4111
CBAUDEX = 4096
CIBAUD = 269418496
CLOCAL = 2048
CREAD = 128
CRTSCTS = 2147483648
CS5 = 0
CS6 = 16
CS7 = 32
CS8 = 48
CSIZE = 48
CSTOPB = 64
HUPCL = 1024
PARENB = 256
PARODD = 512

# Local modes.
ECHO = 8
ECHOCTL = 512
ECHOE = 16
ECHOK = 32
ECHOKE = 2048
ECHONL = 64
ECHOPRT = 1024
FLUSHO = 4096
ICANON = 2
IEXTEN = 32768
ISIG = 1
NOFLSH = 128
PENDIN = 16384
TOSTOP = 256
XCASE = 4

# Speeds.
B0 = 0
B1000000 = 4104
B110 = 3
B115200 = 4098
B1152000 = 4105
B1200 = 9
B134 = 4
B150 = 5
B1500000 = 4106
B1800 = 10
B19200 = 14
B200 = 6
B2000000 = 4107
B230400 = 4099
B2400 = 11
B2500000 = 4108
B300 = 7
B3000000 = 4109
B3500000 = 4110
B38400 = 15
B4000000 = 4111
B460800 = 4100
B4800 = 12
B50 = 1
B500000 = 4101
B57600 = 4097
B576000 = 4102
B600 = 8
B75 = 2
B921600 = 4103
B9600 = 13
EXTA = 14
EXTB = 15

# What the functions are asked for.
TCIFLUSH = 0
TCIOFF = 2
TCIOFLUSH = 2
TCION = 3
TCOFLUSH = 1
TCOOFF = 0
TCOON = 1
TCSADRAIN = 1
TCSAFLUSH = 2
TCSANOW = 0

# Requests of ioctl, and what they are about.
FIOASYNC = 21586
FIOCLEX = 21585
FIONBIO = 21537
FIONCLEX = 21584
FIONREAD = 21531
IOCSIZE_MASK = 1073676288
IOCSIZE_SHIFT = 16
N_MOUSE = 2
N_PPP = 3
N_SLIP = 1
N_STRIP = 4
N_TTY = 0
TCFLSH = 21515
TCGETA = 21509
TCGETS = 21505
TCSBRK = 21513
TCSBRKP = 21541
TCSETA = 21510
TCSETAF = 21512
TCSETAW = 21511
TCSETS = 21506
TCSETSF = 21508
TCSETSW = 21507
TCXONC = 21514
TIOCCONS = 21533
TIOCEXCL = 21516
TIOCGETD = 21540
TIOCGICOUNT = 21597
TIOCGLCKTRMIOS = 21590
TIOCGPGRP = 21519
TIOCGSERIAL = 21534
TIOCGSOFTCAR = 21529
TIOCGWINSZ = 21523
TIOCINQ = 21531
TIOCLINUX = 21532
TIOCMBIC = 21527
TIOCMBIS = 21526
TIOCMGET = 21525
TIOCMIWAIT = 21596
TIOCMSET = 21528
TIOCM_CAR = 64
TIOCM_CD = 64
TIOCM_CTS = 32
TIOCM_DSR = 256
TIOCM_DTR = 2
TIOCM_LE = 1
TIOCM_RI = 128
TIOCM_RNG = 128
TIOCM_RTS = 4
TIOCM_SR = 16
TIOCM_ST = 8
TIOCNOTTY = 21538
TIOCNXCL = 21517
TIOCOUTQ = 21521
TIOCPKT = 21536
TIOCPKT_DATA = 0
TIOCPKT_DOSTOP = 32
TIOCPKT_FLUSHREAD = 1
TIOCPKT_FLUSHWRITE = 2
TIOCPKT_NOSTOP = 16
TIOCPKT_START = 8
TIOCPKT_STOP = 4
TIOCSCTTY = 21518
TIOCSERCONFIG = 21587
TIOCSERGETLSR = 21593
TIOCSERGETMULTI = 21594
TIOCSERGSTRUCT = 21592
TIOCSERGWILD = 21588
TIOCSERSETMULTI = 21595
TIOCSERSWILD = 21589
TIOCSER_TEMT = 1
TIOCSETD = 21539
TIOCSLCKTRMIOS = 21591
TIOCSPGRP = 21520
TIOCSSERIAL = 21535
TIOCSSOFTCAR = 21530
TIOCSTI = 21522
TIOCSWINSZ = 21524


def tcgetattr(fd, /):
    """The attributes of the terminal, if the file were one."""
    _refuse(fd)


def tcsetattr(fd, when, attributes, /):
    """Change these."""
    descriptor = _descriptor(fd)
    if not isinstance(attributes, list) or len(attributes) != 7:
        raise TypeError("tcsetattr, arg 3: must be 7 element list")
    _refuse(descriptor)


def tcsendbreak(fd, duration, /):
    """Send a break."""
    _refuse(fd)


def tcdrain(fd, /):
    """Wait until all is out."""
    _refuse(fd)


def tcflush(fd, queue, /):
    """Drop what waits."""
    _refuse(fd)


def tcflow(fd, action, /):
    """Stop and go on."""
    _refuse(fd)


def tcgetwinsize(fd, /):
    """The terminal's lines and columns."""
    _refuse(fd)


def tcsetwinsize(fd, winsize, /):
    """Change these."""
    _refuse(fd)


def _descriptor(file):
    """The file's number, as functions in C take it: a number, or an object with `fileno`."""
    descriptor = file if isinstance(file, int) else getattr(file, "fileno", None)
    if descriptor is None:
        raise TypeError("argument must be an int, or have a fileno() method.")
    if not isinstance(descriptor, int):
        descriptor = descriptor()
    if not isinstance(descriptor, int):
        raise TypeError("fileno() returned a non-integer")
    if descriptor < 0:
        raise ValueError(f"file descriptor cannot be a negative integer ({descriptor})")
    return descriptor


def _refuse(file):
    """Raise what a system raises for a file that is no terminal, or is none at all."""
    try:
        os.fstat(_descriptor(file))
    except OSError as problem:
        raise error(problem.errno, problem.strerror) from None
    raise error(errno.ENOTTY, os.strerror(errno.ENOTTY))
